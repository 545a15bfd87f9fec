import { type Admin, onlyValue } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import { alterQuotas } from './alter-quotas.ts'
import type { ConfigsInvocation } from './configs-usage.ts'
import { resourceTypes, singular } from './describe-configs.ts'
import { configsToDelete, parseConfigFile, parseConfigs } from './parse-configs.ts'

const timeoutMs = 30_000

/** `--alter` */
export async function alterConfigs(admin: Admin, invocation: ConfigsInvocation, io: CommandIo): Promise<void> {
  const { type, names, options } = invocation
  const path = options.value('add-config-file')
  const given = options.value('add-config')
  const fromFile = path === undefined ? {} : parseConfigFile(await io.readFile(path))
  const set = { ...fromFile, ...(given === undefined ? {} : parseConfigs(given)) }
  const removed = configsToDelete(options)
  const resourceType = resourceTypes[type]
  const name = names[0]!
  if (resourceType === undefined) {
    await alterQuotas(admin, invocation, { set, remove: removed })
  } else {
    const changes = { type: resourceType, name, set, delete: removed }
    onlyValue(await admin.incrementalAlterConfigs([changes], { timeoutMs }))
  }
  await io.out(
    name === ''
      ? `Completed updating default config for ${type} in the cluster.\n`
      : `Completed updating config for ${singular(type)} ${name}.\n`,
  )
}

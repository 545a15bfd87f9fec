import type { Admin, ClientQuotas, QuotaEntityType, QuotaFilter } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import type { Entities } from './config-entities.ts'
import type { ConfigsInvocation } from './configs-usage.ts'

const quotaTypes: Readonly<Record<string, QuotaEntityType>> = { users: 'user', clients: 'client-id', ips: 'ip' }
const titles: readonly (readonly [type: QuotaEntityType, title: string])[] = [
  ['user', 'user-principal'],
  ['client-id', 'client-id'],
  ['ip', 'ip'],
]

/** The quotas of users, clients and addresses, and the SCRAM credentials of users. */
export async function describeQuotas(admin: Admin, invocation: ConfigsInvocation, io: CommandIo): Promise<void> {
  const { types, names, options } = invocation
  const found = await admin.describeClientQuotas(quotaFilter(invocation))
  const hasCredentials = types.includes('users') && !types.includes('clients') && !names.includes('')
  const users = hasCredentials
    ? await admin.describeUserScramCredentials(names.length === 0 ? undefined : names)
    : new Map()
  if (options.has('json')) {
    const credentials = [...users.values()].flatMap(({ value }) => value ?? [])
    await io.out(`${JSON.stringify({ quotas: found, credentials }, null, 2)}\n`)
    return
  }
  for (const quotas of found) await io.out(`Quota configs for ${entityText(quotas)} are ${quotasText(quotas)}\n`)
  for (const [user, { value, error }] of users) {
    // A user without credentials is none of those that have some.
    if (error?.code === 'RESOURCE_NOT_FOUND') continue
    if (value === undefined) {
      await io.out(
        `Error retrieving SCRAM credential configs for user-principal '${user}': ExecutionException: ${executionMessage(error)}\n`,
      )
      continue
    }
    const credentials = value.credentials.map(
      ({ mechanism, iterations }: { mechanism: string; iterations: number }) => `${mechanism}=iterations=${iterations}`,
    )
    await io.out(`SCRAM credential configs for user-principal '${user}' are ${credentials.join(', ')}\n`)
  }
}

/** Whose quotas a command line means: those of no other kind of entity. */
export function quotaFilter({ types, names }: Entities): QuotaFilter {
  if (names.length > types.length) throw new Error('More entity names specified than entity types')
  const entity = types.map((type, at) => {
    const name = names[at]
    const match = name === undefined ? { any: true as const } : name === '' ? null : name
    return [quotaTypes[type], match] as const
  })
  return { entity: Object.fromEntries(entity), strict: true }
}

function entityText({ entity }: ClientQuotas): string {
  return titles
    .flatMap(([type, title]) => {
      const name = entity[type]
      if (name === undefined) return []
      return [name === null ? `the default ${title}` : `${title} '${name}'`]
    })
    .join(', ')
}

function quotasText({ quotas }: ClientQuotas): string {
  return Object.entries(quotas)
    .map(([name, value]) => `${name}=${javaDouble(value)}`)
    .join(', ')
}

/** A number as Java's `Double.toString` has it: `1024.0`, `1.0E7`. */
export function javaDouble(value: number): string {
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [mantissa, exponent] = value.toExponential().split('e')
  return `${mantissa!.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
}

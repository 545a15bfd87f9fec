import { Admin } from '@odradek/admin'
import type { ParsedOptions } from '../options/option-parser.ts'
import type { CommandIo } from './command-io.ts'

/** An Admin as `--bootstrap-server` and `--command-config` (or what a command calls them) say. @throws ConfigError, or that of the file */
export async function connectAdmin(options: ParsedOptions, io: CommandIo): Promise<Admin> {
  const path = options.value('command-config')
  const properties = path === undefined ? {} : Admin.fromProperties(await io.readFile(path))
  const bootstrapServers = options.value('bootstrap-server')
  const bootstrapControllers = options.value('bootstrap-controller')
  if (bootstrapControllers !== undefined) {
    return new Admin({ ...properties, bootstrapControllers: [bootstrapControllers] })
  }
  return new Admin(
    bootstrapServers === undefined ? properties : { ...properties, bootstrapServers: [bootstrapServers] },
  )
}

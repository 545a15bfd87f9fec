import { Admin } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import type { ParsedArguments } from './argument-parser.ts'

/** An Admin as `--bootstrap-server` or `--bootstrap-controller` and `--command-config` say. @throws ConfigError, or that of the file */
export async function connectWithArguments(given: ParsedArguments, io: CommandIo): Promise<Admin> {
  const servers = given.value('bootstrap-server')
  const controllers = given.value('bootstrap-controller')
  if (servers === undefined && controllers === undefined) {
    throw new Error('You must specify either --bootstrap-controller or --bootstrap-server.')
  }
  // For add-controller it is the file of the controller, which configures no client.
  const file = given.command === 'add-controller' ? undefined : given.value('command-config')
  const path = file ?? given.value('config')
  const properties = path === undefined ? {} : Admin.fromProperties(await io.readFile(path))
  if (servers !== undefined) return new Admin({ ...properties, bootstrapServers: [servers] })
  return new Admin({ ...properties, bootstrapControllers: [controllers!] })
}

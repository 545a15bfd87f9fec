import { join } from 'node:path'
import type { Admin, RaftVoterEndpoint } from '@odradek/admin'
import type { ParsedArguments } from '../argparse/argument-parser.ts'
import type { CommandIo } from '../command/command-io.ts'
import { parseProperties } from '../command/properties.ts'

type Properties = ReadonlyMap<string, string>

const isThisIt = 'Is this a valid controller configuration file?'

/** `add-controller`: the controller that the file of `--command-config` configures. @throws Error in Kafka's words */
export async function addController(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const path = given.value('command-config')
  if (path === undefined) {
    throw new Error(
      'You must supply the configuration file of the controller you are adding when using add-controller.',
    )
  }
  const properties = parseProperties(await io.readFile(path))
  const voterId = controllerId(properties)
  const voterDirectoryId = await directoryId(metadataDirectory(properties), io)
  const endpoints = controllerListeners(properties)
  const isDry = given.has('dry-run')
  if (!isDry) await admin.addRaftVoter({ voterId, voterDirectoryId, endpoints })
  const listeners = endpoints.map(({ name, host, port }) => {
    return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`
  })
  const what = `${isDry ? 'DRY RUN of adding' : 'Added'} controller ${voterId} with directory id ${voterDirectoryId}`
  await io.out(`${what} and endpoints: ${listeners.join(', ')}\n`)
}

/** `remove-controller` @throws Error in Kafka's words */
export async function removeController(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const voterId = Number(given.value('controller-id'))
  if (voterId < 0) throw new Error(`Invalid negative --controller-id: ${voterId}`)
  const voterDirectoryId = given.value('controller-directory-id')!
  if (!/^[\w-]{22}$/.test(voterDirectoryId)) {
    throw new Error(`Failed to parse --controller-directory-id: Input string \`${voterDirectoryId}\` is not a UUID`)
  }
  const isDry = given.has('dry-run')
  if (!isDry) await admin.removeRaftVoter({ voterId, voterDirectoryId })
  const done = isDry ? 'DRY RUN of removing' : 'Removed'
  await io.out(`${done} KRaft controller ${voterId} with directory id ${voterDirectoryId}\n`)
}

function controllerId(properties: Properties): number {
  const text = properties.get('node.id')
  if (text === undefined) throw new Error(`node.id not found in configuration file. ${isThisIt}`)
  const id = Number(text)
  if (id < 0) throw new Error(`node.id was negative in configuration file. ${isThisIt}`)
  if (!listed(properties.get('process.roles')).includes('controller')) {
    throw new Error(`process.roles did not contain 'controller' in configuration file. ${isThisIt}`)
  }
  return id
}

function metadataDirectory(properties: Properties): string {
  const directory = properties.get('metadata.log.dir') ?? listed(properties.get('log.dirs'))[0]
  if (directory === undefined) throw new Error(`Neither metadata.log.dir nor log.dirs were found. ${isThisIt}`)
  return directory
}

async function directoryId(directory: string, io: CommandIo): Promise<string> {
  let text: string
  try {
    text = await io.readFile(join(directory, 'meta.properties'))
  } catch (cause) {
    throw new Error(`Unable to read meta.properties from ${directory}`, { cause })
  }
  const id = parseProperties(text).get('directory.id')
  if (id === undefined) throw new Error(`No directory id found in ${directory}`)
  return id
}

function controllerListeners(properties: Properties): readonly RaftVoterEndpoint[] {
  const names = listed(properties.get('controller.listener.names'))
  if (names.length === 0) throw new Error(`controller.listener.names was not found. ${isThisIt}`)
  const endpoints = new Map<string, RaftVoterEndpoint>()
  for (const key of ['listeners', 'advertised.listeners']) {
    for (const listener of listed(properties.get(key))) {
      const [, name, host, port] = /^(\w+):\/\/\[?([^\]]*?)\]?:(\d+)$/.exec(listener) ?? []
      if (name === undefined) throw new Error(`Unable to parse ${listener} to a broker endpoint`)
      endpoints.set(name, { name, host: host === '' ? 'localhost' : host!, port: Number(port) })
    }
  }
  return names.map((name) => {
    const endpoint = endpoints.get(name)
    if (endpoint === undefined) throw new Error(`Cannot find information about controller listener name: ${name}`)
    return endpoint
  })
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

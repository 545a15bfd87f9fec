import { ProtocolError, parseUuid } from '@odradek/protocol'
import { StorageFailure } from './storage-failure.ts'

/** A voter as --initial-controllers names it: `id@host:port:directory` (KIP-853). */
export interface DynamicVoter {
  readonly id: number
  readonly host: string
  readonly port: number
  /** Id of the directory that holds its metadata log. */
  readonly directoryId: string
}

/** Reads the comma separated list. Throws StorageFailure. */
export function parseDynamicVoters(text: string): DynamicVoter[] {
  const voters = text
    .split(',')
    .filter((entry) => entry.trim() !== '')
    .map((entry) => parseDynamicVoter(entry.trim()))
  if (voters.length === 0) throw new StorageFailure('No voters given.')
  const twice = voters.find((voter, index) => voters.findIndex((other) => other.id === voter.id) !== index)
  if (twice !== undefined) throw new StorageFailure(`Node id ${twice.id} was specified more than once.`)
  return voters
}

function parseDynamicVoter(text: string): DynamicVoter {
  const at = text.indexOf('@')
  if (at < 0) throw new StorageFailure('No @ found in dynamic voter string.')
  if (at === 0) throw new StorageFailure('Invalid @ at beginning of dynamic voter string.')
  const id = text.slice(0, at)
  if (!/^-?\d+$/.test(id)) throw new StorageFailure('Failed to parse node id in dynamic voter string.')
  if (id.startsWith('-')) throw new StorageFailure(`Invalid negative node id ${id} in dynamic voter string.`)
  const rest = text.slice(at + 1)
  if (rest === '') throw new StorageFailure('No hostname found after node id.')
  const match = rest.startsWith('[') ? /^\[([^\]]*)\]:?(.*)$/.exec(rest) : /^([^:]*):?(.*)$/.exec(rest)
  if (match === null) throw new StorageFailure('Hostname began with left bracket, but no right bracket was found.')
  const [host, places] = [match[1]!, match[2]!]
  if (!rest.slice(rest.startsWith('[') ? host.length + 2 : host.length).startsWith(':'))
    throw new StorageFailure('No colon following hostname could be found.')
  const colon = places.indexOf(':')
  if (colon < 0) throw new StorageFailure('No colon following port could be found.')
  const port = places.slice(0, colon)
  if (!/^-?\d+$/.test(port)) throw new StorageFailure('Failed to parse port in dynamic voter string.')
  if (Number(port) < 0 || Number(port) > 65_535)
    throw new StorageFailure(`Invalid port ${port} in dynamic voter string.`)
  return { id: Number(id), host, port: Number(port), directoryId: directoryIdOf(places.slice(colon + 1)) }
}

function directoryIdOf(text: string): string {
  try {
    parseUuid(text)
    return text
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new StorageFailure('Failed to parse directory ID in dynamic voter string.')
    throw error
  }
}

import type { ElectionState, Voter } from './raft-state.ts'

/** `kraft.version`: 0 when the voters stand in `controller.quorum.voters`, 1 when they stand in the log (KIP-853). */
export type KraftVersion = 0 | 1

const noDirectory = 'AAAAAAAAAAAAAAAAAAAAAA'

/** The text of the `quorum-state` file: one line of JSON, `data_version` 0 with the voters or 1 with the voted directory. */
export function writeQuorumState(
  state: ElectionState,
  options: { readonly kraftVersion: KraftVersion; readonly voters: readonly Voter[] },
): string {
  const common = { leaderId: state.leaderId ?? -1, leaderEpoch: state.epoch, votedId: state.vote?.id ?? -1 }
  if (options.kraftVersion === 1) {
    return JSON.stringify({ ...common, votedDirectoryId: state.vote?.directoryId ?? noDirectory, data_version: 1 })
  }
  const currentVoters = options.voters.map((voter) => ({ voterId: voter.id }))
  return JSON.stringify({ clusterId: '', ...common, appliedOffset: 0, currentVoters, data_version: 0 })
}

/** Reads either version; throws an `Error` that names what is wrong with the text. */
export function readQuorumState(text: string): ElectionState {
  const data = parseObject(text)
  const version = data['data_version']
  if (version !== 0 && version !== 1) {
    throw new Error(`quorum-state: data_version must be 0 or 1, found ${JSON.stringify(version)}`)
  }
  const votedId = integer(data, 'votedId')
  const directoryId = data['votedDirectoryId']
  return {
    epoch: integer(data, 'leaderEpoch'),
    leaderId: absentIfNegative(integer(data, 'leaderId')),
    vote:
      votedId < 0 ? null : { id: votedId, directoryId: typeof directoryId === 'string' ? directoryId : noDirectory },
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null) return data as Record<string, unknown>
  } catch (cause) {
    throw new Error('quorum-state: expected one JSON object', { cause })
  }
  throw new Error('quorum-state: expected one JSON object')
}

function integer(data: Record<string, unknown>, field: string): number {
  const value = data[field]
  if (Number.isSafeInteger(value)) return value as number
  throw new Error(`quorum-state: ${field} must be an integer, found ${JSON.stringify(value)}`)
}

function absentIfNegative(id: number): number | null {
  return id < 0 ? null : id
}

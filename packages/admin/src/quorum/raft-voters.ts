import {
  addRaftVoterRequest,
  addRaftVoterResponse,
  removeRaftVoterRequest,
  removeRaftVoterResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import type { RaftVoterEndpoint } from './describe-quorum.ts'

/** A controller of the quorum: its node id and the id of its metadata log directory. */
export interface RaftVoter {
  readonly voterId: number
  readonly voterDirectoryId: string
}

/** A controller that joins the quorum. */
export interface NewRaftVoter extends RaftVoter {
  readonly endpoints: readonly RaftVoterEndpoint[]
}

/** How voters are added and removed. */
export interface RaftVoterOptions extends CallOptions {
  /** Refused when the cluster has another id. */
  readonly clusterId?: string | undefined
}

const addRaftVoterApi = { request: addRaftVoterRequest, response: addRaftVoterResponse }
const removeRaftVoterApi = { request: removeRaftVoterRequest, response: removeRaftVoterResponse }

/** Adds a controller to the quorum (KIP-853). */
export function addRaftVoter(
  core: AdminCore,
  { voterId, voterDirectoryId, endpoints }: NewRaftVoter,
  options: RaftVoterOptions = {},
): Promise<void> {
  return core.run('addRaftVoter', options, async (call) => {
    await call.ask({
      api: addRaftVoterApi,
      to: 'any',
      body: () => ({
        clusterId: options.clusterId ?? null,
        timeoutMs: call.workTimeoutMs,
        voterId,
        voterDirectoryId,
        listeners: endpoints,
      }),
      check: errorOf,
    })
  })
}

/** Takes a controller out of the quorum (KIP-853). */
export function removeRaftVoter(
  core: AdminCore,
  { voterId, voterDirectoryId }: RaftVoter,
  options: RaftVoterOptions = {},
): Promise<void> {
  return core.run('removeRaftVoter', options, async (call) => {
    await call.ask({
      api: removeRaftVoterApi,
      to: 'any',
      body: { clusterId: options.clusterId ?? null, voterId, voterDirectoryId },
      check: errorOf,
    })
  })
}

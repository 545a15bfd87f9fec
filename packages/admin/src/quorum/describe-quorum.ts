import { KafkaError } from '@odradek/client'
import { zeroUuid } from '@odradek/protocol'
import { type DescribeQuorumResponse, describeQuorumRequest, describeQuorumResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'

/** A controller or broker that copies the metadata. Kafka: `QuorumInfo.ReplicaState`. */
export interface QuorumReplica {
  readonly replicaId: number
  /** Null when it is not known. */
  readonly replicaDirectoryId: string | null
  readonly logEndOffset: number
  /** Milliseconds since the epoch; null when it is not known. */
  readonly lastFetchTimestamp: number | null
  /** Milliseconds since the epoch; null when it is not known. */
  readonly lastCaughtUpTimestamp: number | null
}

/** Where a voter listens. Kafka: `RaftVoterEndpoint`. */
export interface RaftVoterEndpoint {
  /** The name of the listener. */
  readonly name: string
  readonly host: string
  readonly port: number
}

/** The quorum of controllers. Kafka: `QuorumInfo`. */
export interface QuorumInfo {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly voters: readonly QuorumReplica[]
  readonly observers: readonly QuorumReplica[]
  /** Listeners of the voters by id; empty when they are not known. */
  readonly nodes: ReadonlyMap<number, readonly RaftVoterEndpoint[]>
}

const describeQuorumApi = { request: describeQuorumRequest, response: describeQuorumResponse }
const metadataTopic = '__cluster_metadata'

/** State of the quorum that keeps the metadata (KIP-836). */
export function describeMetadataQuorum(core: AdminCore, options: CallOptions = {}): Promise<QuorumInfo> {
  return core.run('describeMetadataQuorum', options, async (call) => {
    const { response } = await call.ask({
      api: describeQuorumApi,
      to: 'any',
      body: { topics: [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] }] },
      check: (answer) => errorOf(answer) ?? errorOf(answer.topics[0]?.partitions[0] ?? { errorCode: 0 }),
    })
    const partition = response.topics[0]?.partitions[0]
    if (partition === undefined) {
      throw new KafkaError('UNKNOWN_SERVER_ERROR', `the answer says nothing of ${metadataTopic}`)
    }
    const { leaderId, leaderEpoch, highWatermark, currentVoters, observers } = partition
    return {
      leaderId,
      leaderEpoch,
      highWatermark,
      voters: currentVoters.map(replica),
      observers: observers.map(replica),
      nodes: new Map(
        response.nodes.map(({ nodeId, listeners }) => {
          return [nodeId, listeners.map(({ name, host, port }) => ({ name, host, port }))] as const
        }),
      ),
    }
  })
}

type ReplicaRow = DescribeQuorumResponse['topics'][number]['partitions'][number]['currentVoters'][number]

function replica(row: ReplicaRow): QuorumReplica {
  const { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp } = row
  return {
    replicaId,
    replicaDirectoryId: replicaDirectoryId === zeroUuid ? null : replicaDirectoryId,
    logEndOffset,
    lastFetchTimestamp: lastFetchTimestamp < 0 ? null : lastFetchTimestamp,
    lastCaughtUpTimestamp: lastCaughtUpTimestamp < 0 ? null : lastCaughtUpTimestamp,
  }
}

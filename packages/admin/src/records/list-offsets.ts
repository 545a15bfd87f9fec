import { KafkaError } from '@odradek/client'
import { listOffsetsRequest, listOffsetsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import type { Results } from '../core/results.ts'
import { toLeader } from '../core/to-leader.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** Kafka's words for offsets: the timestamp that stands for each on the wire, and the version that knows it. */
const specs = {
  latest: [-1, 1],
  earliest: [-2, 1],
  'max-timestamp': [-3, 7],
  'earliest-local': [-4, 8],
  'latest-tiered': [-5, 9],
  'earliest-pending-upload': [-6, 11],
} as const

/**
 * Which offset is wanted: the next one to be written, the first that is there, that of the largest timestamp (KIP-734), those of tiered
 * storage (KIP-405, KIP-1005, KIP-1023), or the first whose timestamp is at least so many milliseconds. Kafka: `OffsetSpec`.
 */
export type OffsetSpec = keyof typeof specs | { readonly timestamp: number }

/** A partition and which of its offsets is wanted. */
export interface WantedOffset extends TopicPartition {
  readonly at: OffsetSpec
}

/** An offset. Kafka: `ListOffsetsResultInfo`. */
export interface ListedOffset extends TopicPartition {
  /** -1 when the partition has none of that kind. */
  readonly offset: number
  /** Milliseconds of the record at the offset; -1 unless asked for by timestamp. */
  readonly timestamp: number
  /** Null when it is not known. */
  readonly leaderEpoch: number | null
}

/** How offsets are listed. */
export interface ListOffsetsOptions extends CallOptions {
  /** `read_committed` takes the last stable offset for the latest; `read_uncommitted` when left out. */
  readonly isolationLevel?: 'read_uncommitted' | 'read_committed' | undefined
}

const listOffsetsApi = { request: listOffsetsRequest, response: listOffsetsResponse }
const consumerReplicaId = -1

/** Offsets of partitions, from their leaders. */
export function listOffsets(
  core: AdminCore,
  offsets: Iterable<WantedOffset>,
  options: ListOffsetsOptions = {},
): Promise<Results<ListedOffset>> {
  const isCommitted = options.isolationLevel === 'read_committed'
  return forEachItem(
    core,
    {
      name: 'listOffsets',
      api: listOffsetsApi,
      route: toLeader,
      request: (given, { version, call }) => {
        if (isCommitted) needsVersion(version, 2, 'read_committed')
        return {
          replicaId: consumerReplicaId,
          ...(version < 2 ? {} : { isolationLevel: isCommitted ? 1 : 0 }),
          topics: [...byTopic(given)].map(([name, items]) => ({
            name,
            partitions: items.map(({ partition, at }) => ({
              partitionIndex: partition,
              timestamp: timestampOf(at, version),
            })),
          })),
          timeoutMs: call.workTimeoutMs,
        }
      },
      read: ({ topics }) =>
        topics.flatMap(({ name: topic, partitions }) =>
          partitions.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            const { offset, timestamp } = row
            const leaderEpoch = row.leaderEpoch < 0 ? null : row.leaderEpoch
            return [
              partitionName(where),
              resultOf(row, where, () => ({ ...where, offset, timestamp, leaderEpoch })),
            ] as const
          }),
        ),
    },
    { items: named(offsets, partitionName), options },
  )
}

function timestampOf(spec: OffsetSpec, version: number): number {
  if (typeof spec === 'object') return spec.timestamp
  const known = specs[spec]
  if (known === undefined) throw new KafkaError('INVALID_REQUEST', `there is no offset "${String(spec)}"`)
  needsVersion(version, known[1], `the offset ${spec}`)
  return known[0]
}

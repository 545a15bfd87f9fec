import {
  alterShareGroupOffsetsRequest,
  alterShareGroupOffsetsResponse,
  type DescribeShareGroupOffsetsResponse,
  deleteShareGroupOffsetsRequest,
  deleteShareGroupOffsetsResponse,
  describeShareGroupOffsetsRequest,
  describeShareGroupOffsetsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { failAll } from '../core/one-for-all.ts'
import type { Result, Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'
import type { WantedGroupOffsets } from './list-group-offsets.ts'

/** Where a share group begins in a partition (KIP-932). Kafka: `SharePartitionOffsetInfo`. */
export interface SharePartitionOffset extends TopicPartition {
  readonly startOffset: number
  /** Null when it is not known. */
  readonly leaderEpoch: number | null
  /** Records that are still to be delivered; null when it is not known (KIP-1226). */
  readonly lag: number | null
}

/** The offsets of a share group by the names of partitions; null where it has none. */
export type ShareGroupOffsets = ReadonlyMap<string, SharePartitionOffset | null>

/** Where a share group shall begin in a partition. */
export interface NewShareGroupOffset extends TopicPartition {
  readonly startOffset: number
}

const describeApi = { request: describeShareGroupOffsetsRequest, response: describeShareGroupOffsetsResponse }
const alterApi = { request: alterShareGroupOffsetsRequest, response: alterShareGroupOffsetsResponse }
const deleteApi = { request: deleteShareGroupOffsetsRequest, response: deleteShareGroupOffsetsResponse }

/** Where share groups begin, by the names of groups and then of partitions. */
export function listShareGroupOffsets(
  core: AdminCore,
  groups: Iterable<string | WantedGroupOffsets>,
  options: CallOptions = {},
): Promise<Results<ShareGroupOffsets>> {
  const wanted = [...groups].map((group) => (typeof group === 'string' ? { groupId: group } : group))
  return forEachItem(
    core,
    {
      name: 'listShareGroupOffsets',
      api: describeApi,
      route: toCoordinator('group', ({ groupId }: WantedGroupOffsets) => groupId),
      request: (given) => ({
        groups: given.map(({ groupId, partitions }) => ({
          groupId,
          topics:
            partitions === undefined
              ? null
              : [...byTopic(partitions)].map(([topicName, items]) => ({
                  topicName,
                  partitions: items.map(({ partition }) => partition),
                })),
        })),
      }),
      read: (response) => response.groups.map((row) => [row.groupId, offsetsOf(row)]),
    },
    { items: named(wanted, ({ groupId }) => groupId), options },
  )
}

function offsetsOf(row: DescribeShareGroupOffsetsResponse['groups'][number]): Result<ShareGroupOffsets> {
  const failed = errorOf(row)
  if (failed !== undefined) return { error: failed }
  const offsets = new Map<string, SharePartitionOffset | null>()
  for (const { topicName: topic, partitions } of row.topics) {
    for (const found of partitions) {
      const where = { topic, partition: found.partitionIndex }
      const error = errorOf(found, where)
      if (error !== undefined && error.code !== 'UNKNOWN_TOPIC_OR_PARTITION') return { error }
      if (error !== undefined) continue
      const { startOffset } = found
      const leaderEpoch = found.leaderEpoch < 0 ? null : found.leaderEpoch
      const lag = found.lag < 0 ? null : found.lag
      offsets.set(partitionName(where), startOffset < 0 ? null : { ...where, startOffset, leaderEpoch, lag })
    }
  }
  return { value: offsets }
}

/** Says where a share group without members shall begin. */
export function alterShareGroupOffsets(
  core: AdminCore,
  { groupId, offsets }: { readonly groupId: string; readonly offsets: Iterable<NewShareGroupOffset> },
  options: CallOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name: 'alterShareGroupOffsets',
      api: alterApi,
      route: toCoordinator('group', () => groupId),
      request: (given) => ({
        groupId,
        topics: [...byTopic(given)].map(([topicName, items]) => ({
          topicName,
          partitions: items.map(({ partition, startOffset }) => ({ partitionIndex: partition, startOffset })),
        })),
      }),
      read: (response, { items }) => {
        const error = errorOf(response)
        if (error !== undefined) return failAll(items.keys(), error)
        return response.responses.flatMap(({ topicName: topic, partitions }) =>
          partitions.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            return [partitionName(where), resultOf(row, where, done)] as const
          }),
        )
      },
    },
    { items: named(offsets, partitionName), options },
  )
}

/** Makes a share group forget topics; results by topic. */
export function deleteShareGroupOffsets(
  core: AdminCore,
  { groupId, topics }: { readonly groupId: string; readonly topics: Iterable<string> },
  options: CallOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name: 'deleteShareGroupOffsets',
      api: deleteApi,
      route: toCoordinator('group', () => groupId),
      request: (given) => ({ groupId, topics: given.map((topicName) => ({ topicName })) }),
      read: (response, { items }) => {
        const error = errorOf(response)
        if (error !== undefined) return failAll(items.keys(), error)
        return response.responses.map((row) => [row.topicName, resultOf(row, { topic: row.topicName }, done)])
      },
    },
    { items: named(topics, (topic) => topic), options },
  )
}

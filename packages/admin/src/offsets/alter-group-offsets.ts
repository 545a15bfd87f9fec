import { offsetCommitRequest, offsetCommitResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { errorNames } from '../core/routes.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** An offset to be committed for a group. Kafka: `OffsetAndMetadata`. */
export interface NewGroupOffset extends TopicPartition {
  readonly offset: number
  readonly leaderEpoch?: number | null | undefined
  readonly metadata?: string | undefined
}

/** A group and its new offsets. */
export interface GroupOffsetChanges {
  /** The call's name in Kafka. */
  readonly name: string
  readonly groupId: string
  readonly offsets: Iterable<NewGroupOffset>
}

/** Admin clients name topics, which later versions do not. */
const offsetCommitApi = { request: { ...offsetCommitRequest, maxVersion: 9 }, response: offsetCommitResponse }

/** Commits offsets for a group that has no members. */
export function alterGroupOffsets(
  core: AdminCore,
  { name, groupId, offsets }: GroupOffsetChanges,
  options: CallOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name,
      api: offsetCommitApi,
      route: toCoordinator('group', () => groupId),
      retryOn: errorNames('REBALANCE_IN_PROGRESS'),
      request: (given) => ({
        groupId,
        topics: [...byTopic(given)].map(([topic, items]) => ({
          name: topic,
          partitions: items.map(({ partition, offset, leaderEpoch, metadata }) => ({
            partitionIndex: partition,
            committedOffset: offset,
            committedLeaderEpoch: leaderEpoch ?? -1,
            committedMetadata: metadata ?? '',
          })),
        })),
      }),
      read: ({ topics }) =>
        topics.flatMap(({ name: topic, partitions }) =>
          partitions.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            return [partitionName(where), resultOf(row, where, done)] as const
          }),
        ),
    },
    { items: named(offsets, partitionName), options },
  )
}

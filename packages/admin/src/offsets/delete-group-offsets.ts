import { offsetDeleteRequest, offsetDeleteResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { failAll } from '../core/one-for-all.ts'
import type { Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** A group and the partitions whose offsets go. */
export interface GroupOffsetDeletions {
  /** The call's name in Kafka. */
  readonly name: string
  readonly groupId: string
  readonly partitions: Iterable<TopicPartition>
}

const offsetDeleteApi = { request: offsetDeleteRequest, response: offsetDeleteResponse }

/** Deletes offsets of a group (KIP-496). */
export function deleteGroupOffsets(
  core: AdminCore,
  { name, groupId, partitions }: GroupOffsetDeletions,
  options: CallOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name,
      api: offsetDeleteApi,
      route: toCoordinator('group', () => groupId),
      request: (given) => ({
        groupId,
        topics: [...byTopic(given)].map(([topic, items]) => ({
          name: topic,
          partitions: items.map(({ partition }) => ({ partitionIndex: partition })),
        })),
      }),
      read: (response, { items }) => {
        const error = errorOf(response)
        if (error !== undefined) return failAll(items.keys(), error)
        return response.topics.flatMap(({ name: topic, partitions: rows }) =>
          rows.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            return [partitionName(where), resultOf(row, where, done)] as const
          }),
        )
      },
    },
    { items: named(partitions, partitionName), options },
  )
}

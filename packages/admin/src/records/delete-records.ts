import { deleteRecordsRequest, deleteRecordsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toLeader } from '../core/to-leader.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** Which records go. Kafka: `RecordsToDelete`. */
export interface RecordsToDelete extends TopicPartition {
  /** Records below this offset are deleted; -1 deletes all up to the high watermark. */
  readonly beforeOffset: number
}

/** What is left. Kafka: `DeletedRecords`. */
export interface DeletedRecords extends TopicPartition {
  /** The first offset that is still there. */
  readonly lowWatermark: number
}

const deleteRecordsApi = { request: deleteRecordsRequest, response: deleteRecordsResponse }

/** Deletes the oldest records of partitions (KIP-107). */
export function deleteRecords(
  core: AdminCore,
  records: Iterable<RecordsToDelete>,
  options: CallOptions = {},
): Promise<Results<DeletedRecords>> {
  return forEachItem(
    core,
    {
      name: 'deleteRecords',
      api: deleteRecordsApi,
      route: toLeader,
      request: (given, { call }) => ({
        topics: [...byTopic(given)].map(([name, items]) => ({
          name,
          partitions: items.map(({ partition, beforeOffset }) => ({ partitionIndex: partition, offset: beforeOffset })),
        })),
        timeoutMs: call.workTimeoutMs,
      }),
      read: ({ topics }) =>
        topics.flatMap(({ name: topic, partitions }) =>
          partitions.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            const { lowWatermark } = row
            return [partitionName(where), resultOf(row, where, () => ({ ...where, lowWatermark }))] as const
          }),
        ),
    },
    { items: named(records, partitionName), options },
  )
}

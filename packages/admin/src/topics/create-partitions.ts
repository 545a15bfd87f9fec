import { createPartitionsRequest, createPartitionsResponse } from '@odradek/protocol/messages'
import type { AdminCore } from '../core/admin-core.ts'
import { done, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toController } from '../core/routes.ts'
import { type CreateOptions, quotaRetries } from './create-topics.ts'

/** How many partitions a topic shall have. Kafka: `NewPartitions`. */
export interface NewPartitions {
  readonly topic: string
  /** All of them, those it has already included. */
  readonly totalCount: number
  /** Brokers of each new partition, the preferred leader first; the controller chooses when left out. */
  readonly newAssignments?: readonly (readonly number[])[] | undefined
}

const createPartitionsApi = { request: createPartitionsRequest, response: createPartitionsResponse }

/** Adds partitions to topics. */
export function createPartitions(
  core: AdminCore,
  topics: Iterable<NewPartitions>,
  options: CreateOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name: 'createPartitions',
      api: createPartitionsApi,
      route: toController,
      retryOn: quotaRetries(options),
      request: (given, { call }) => ({
        topics: given.map(({ topic, totalCount, newAssignments }) => ({
          name: topic,
          count: totalCount,
          assignments: newAssignments?.map((brokerIds) => ({ brokerIds })) ?? null,
        })),
        timeoutMs: call.workTimeoutMs,
        validateOnly: options.validateOnly ?? false,
      }),
      read: ({ results }) => results.map((row) => [row.name, resultOf(row, { topic: row.name }, done)]),
    },
    { items: named(topics, ({ topic }) => topic), options },
  )
}

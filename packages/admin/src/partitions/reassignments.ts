import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import { failAll } from '../core/one-for-all.ts'
import type { Results } from '../core/results.ts'
import { toController } from '../core/routes.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** Who shall keep a partition. Kafka: `NewPartitionReassignment`. */
export interface NewPartitionReassignment extends TopicPartition {
  /** Broker ids, the preferred leader first; null cancels what is under way. */
  readonly replicas: readonly number[] | null
}

/** A partition that is on its way to other brokers. Kafka: `PartitionReassignment`. */
export interface PartitionReassignment extends TopicPartition {
  readonly replicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
}

/** How partitions are reassigned. */
export interface AlterReassignmentsOptions extends CallOptions {
  /** False refuses what would give a partition more or fewer replicas; true when left out (KIP-860). */
  readonly allowReplicationFactorChange?: boolean | undefined
}

const alterApi = { request: alterPartitionReassignmentsRequest, response: alterPartitionReassignmentsResponse }
const listApi = { request: listPartitionReassignmentsRequest, response: listPartitionReassignmentsResponse }

/** Begins and cancels moves of partitions (KIP-455). */
export function alterPartitionReassignments(
  core: AdminCore,
  reassignments: Iterable<NewPartitionReassignment>,
  options: AlterReassignmentsOptions = {},
): Promise<Results<null>> {
  const isKept = options.allowReplicationFactorChange === false
  return forEachItem(
    core,
    {
      name: 'alterPartitionReassignments',
      api: alterApi,
      route: toController,
      request: (given, { version, call }) => {
        if (isKept) needsVersion(version, 1, 'allowReplicationFactorChange')
        return {
          timeoutMs: call.workTimeoutMs,
          ...(isKept ? { allowReplicationFactorChange: false } : {}),
          topics: [...byTopic(given)].map(([name, items]) => ({
            name,
            partitions: items.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas })),
          })),
        }
      },
      read: (response, { items }) => {
        const error = errorOf(response)
        if (error !== undefined) return failAll(items.keys(), error)
        return response.responses.flatMap(({ name: topic, partitions }) =>
          partitions.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            return [partitionName(where), resultOf(row, where, done)] as const
          }),
        )
      },
    },
    { items: named(reassignments, partitionName), options },
  )
}

/** Partitions that are being moved, of some or of all. */
export function listPartitionReassignments(
  core: AdminCore,
  partitions: Iterable<TopicPartition> | undefined,
  options: CallOptions = {},
): Promise<ReadonlyMap<string, PartitionReassignment>> {
  return core.run('listPartitionReassignments', options, async (call) => {
    const topics =
      partitions === undefined
        ? null
        : [...byTopic(partitions)].map(([name, items]) => ({
            name,
            partitionIndexes: items.map(({ partition }) => partition),
          }))
    const { response } = await call.ask({
      api: listApi,
      to: 'controller',
      body: () => ({ timeoutMs: call.workTimeoutMs, topics }),
      check: errorOf,
    })
    const found = response.topics.flatMap(({ name: topic, partitions: rows }) =>
      rows.map(({ partitionIndex: partition, replicas, addingReplicas, removingReplicas }) => {
        return { topic, partition, replicas, addingReplicas, removingReplicas }
      }),
    )
    return new Map(found.map((reassignment) => [partitionName(reassignment), reassignment] as const))
  })
}

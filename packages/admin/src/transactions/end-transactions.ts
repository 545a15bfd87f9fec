import { KafkaError } from '@odradek/client'
import {
  initProducerIdRequest,
  initProducerIdResponse,
  writeTxnMarkersRequest,
  writeTxnMarkersResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { onlyValue, type Results } from '../core/results.ts'
import { errorNames } from '../core/routes.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import { toLeader } from '../core/to-leader.ts'
import { partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** A transaction that hangs on one partition, as `describeProducers` shows it. Kafka: `AbortTransactionSpec`. */
export interface HangingTransaction extends TopicPartition {
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
}

/** The producer that took the place of another. Kafka: `FenceProducersResult`. */
export interface FencedProducer {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
}

const writeTxnMarkersApi = { request: writeTxnMarkersRequest, response: writeTxnMarkersResponse }
/** Later versions are for two-phase commit and not stable. */
const initProducerIdApi = { request: { ...initProducerIdRequest, maxVersion: 5 }, response: initProducerIdResponse }

/** Writes an abort marker for a transaction whose coordinator has forgotten it (KIP-664). @throws KafkaError */
export async function abortTransaction(
  core: AdminCore,
  transaction: HangingTransaction,
  options: CallOptions = {},
): Promise<void> {
  const results = await forEachItem(
    core,
    {
      name: 'abortTransaction',
      api: writeTxnMarkersApi,
      route: toLeader,
      request: (given) => ({
        markers: given.map(({ topic, partition, producerId, producerEpoch, coordinatorEpoch }) => ({
          producerId,
          producerEpoch,
          coordinatorEpoch,
          transactionResult: false,
          topics: [{ name: topic, partitionIndexes: [partition] }],
        })),
      }),
      read: ({ markers }) =>
        markers.flatMap(({ topics }) =>
          topics.flatMap(({ name: topic, partitions }) =>
            partitions.map((row) => {
              const where = { topic, partition: row.partitionIndex }
              return [partitionName(where), resultOf(row, where, done)] as const
            }),
          ),
        ),
    },
    { items: named([transaction], partitionName), options },
  )
  onlyValue(results)
}

/** Takes transactional ids away from their producers, whose open transactions are aborted. */
export function fenceProducers(
  core: AdminCore,
  transactionalIds: Iterable<string>,
  options: CallOptions = {},
): Promise<Results<FencedProducer>> {
  return forEachItem(
    core,
    {
      name: 'fenceProducers',
      api: initProducerIdApi,
      route: toCoordinator('transaction', (id: string) => id),
      retryOn: errorNames('CONCURRENT_TRANSACTIONS'),
      itemsPerRequest: () => 1,
      request: ([transactionalId], { call }) => ({
        transactionalId: transactionalId!,
        transactionTimeoutMs: call.workTimeoutMs,
      }),
      read: (response, { items }) =>
        [...items.values()].map((transactionalId) => {
          const { producerId, producerEpoch } = response
          return [transactionalId, resultOf(response, {}, () => ({ transactionalId, producerId, producerEpoch }))]
        }),
    },
    { items: named(transactionalIds, (id) => id), options },
  )
}

/** Ends whatever transaction a transactional id has, by fencing its producer (KIP-939). @throws KafkaError */
export async function forceTerminateTransaction(
  core: AdminCore,
  transactionalId: string,
  options: CallOptions = {},
): Promise<void> {
  if (transactionalId === '') throw new KafkaError('INVALID_REQUEST', 'a transactional id cannot be empty')
  onlyValue(await fenceProducers(core, [transactionalId], options))
}

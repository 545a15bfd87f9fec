import { describeProducersRequest, describeProducersResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toNode } from '../core/routes.ts'
import { toLeader } from '../core/to-leader.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** A producer as the broker remembers it. Kafka: `ProducerState`. */
export interface ProducerState {
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  /** Milliseconds of its last batch. */
  readonly lastTimestamp: number
  /** Null when it writes no transactions. */
  readonly coordinatorEpoch: number | null
  /** The first offset of its open transaction; null when there is none. */
  readonly currentTransactionStartOffset: number | null
}

/** The producers of a partition. Kafka: `PartitionProducerState`. */
export interface PartitionProducers extends TopicPartition {
  readonly activeProducers: readonly ProducerState[]
}

/** Whom to ask. */
export interface DescribeProducersOptions extends CallOptions {
  /** A replica's broker; the leaders when left out. */
  readonly brokerId?: number | undefined
}

const describeProducersApi = { request: describeProducersRequest, response: describeProducersResponse }

/** Producers that brokers remember, by partition (KIP-664). */
export function describeProducers(
  core: AdminCore,
  partitions: Iterable<TopicPartition>,
  options: DescribeProducersOptions = {},
): Promise<Results<PartitionProducers>> {
  const { brokerId } = options
  return forEachItem(
    core,
    {
      name: 'describeProducers',
      api: describeProducersApi,
      route: brokerId === undefined ? toLeader : toNode(() => brokerId),
      request: (given) => ({
        topics: [...byTopic(given)].map(([name, items]) => ({
          name,
          partitionIndexes: items.map(({ partition }) => partition),
        })),
      }),
      read: ({ topics }) =>
        topics.flatMap(({ name: topic, partitions: rows }) =>
          rows.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            const activeProducers = () => row.activeProducers.map(producerState)
            const result = resultOf(row, where, () => ({ ...where, activeProducers: activeProducers() }))
            return [partitionName(where), result] as const
          }),
        ),
    },
    { items: named(partitions, partitionName), options },
  )
}

interface ProducerRow {
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestamp: number
  readonly coordinatorEpoch: number
  readonly currentTxnStartOffset: number
}

function producerState(row: ProducerRow): ProducerState {
  const { producerId, producerEpoch, lastSequence, lastTimestamp, coordinatorEpoch, currentTxnStartOffset } = row
  return {
    producerId,
    producerEpoch,
    lastSequence,
    lastTimestamp,
    coordinatorEpoch: coordinatorEpoch < 0 ? null : coordinatorEpoch,
    currentTransactionStartOffset: currentTxnStartOffset < 0 ? null : currentTxnStartOffset,
  }
}

import {
  describeTransactionsRequest,
  describeTransactionsResponse,
  listTransactionsRequest,
  listTransactionsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf, resultOf } from '../core/answer-error.ts'
import { askEachBroker } from '../core/each-broker.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import { type Results, valuesOf } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import type { TopicPartition } from '../core/topic-partition.ts'

/** What a transaction is doing. Kafka: `TransactionState`. */
export type TransactionState =
  | 'Ongoing'
  | 'PrepareAbort'
  | 'PrepareCommit'
  | 'CompleteAbort'
  | 'CompleteCommit'
  | 'Empty'
  | 'PrepareEpochFence'
  | 'Unknown'

/** A transactional id and its transaction. Kafka: `TransactionDescription`. */
export interface TransactionDescription {
  readonly transactionalId: string
  readonly coordinatorId: number
  readonly state: TransactionState
  readonly producerId: number
  readonly producerEpoch: number
  readonly transactionTimeoutMs: number
  /** Milliseconds since the epoch; null when no transaction is open. */
  readonly transactionStartTimeMs: number | null
  /** Partitions that it has written to. */
  readonly topicPartitions: readonly TopicPartition[]
}

/** A transactional id. Kafka: `TransactionListing`. */
export interface TransactionListing {
  readonly transactionalId: string
  readonly producerId: number
  readonly state: TransactionState
}

/** Which transactions are listed; all that match every filter. */
export interface ListTransactionsOptions extends CallOptions {
  readonly states?: Iterable<TransactionState> | undefined
  readonly producerIds?: Iterable<number> | undefined
  /** Open for more than so many milliseconds (KIP-994). */
  readonly durationMs?: number | undefined
  /** A regular expression in RE2's syntax (KIP-1152). */
  readonly transactionalIdPattern?: string | undefined
}

const describeApi = { request: describeTransactionsRequest, response: describeTransactionsResponse }
const listApi = { request: listTransactionsRequest, response: listTransactionsResponse }
const states: readonly TransactionState[] = [
  'Ongoing',
  'PrepareAbort',
  'PrepareCommit',
  'CompleteAbort',
  'CompleteCommit',
  'Empty',
  'PrepareEpochFence',
]

/** Describes transactions by their transactional ids (KIP-664). */
export function describeTransactions(
  core: AdminCore,
  transactionalIds: Iterable<string>,
  options: CallOptions = {},
): Promise<Results<TransactionDescription>> {
  return forEachItem(
    core,
    {
      name: 'describeTransactions',
      api: describeApi,
      route: toCoordinator('transaction', (id: string) => id),
      request: (ids) => ({ transactionalIds: ids }),
      read: ({ transactionStates }, { node }) =>
        transactionStates.map((row) => {
          const { transactionalId, producerId, producerEpoch, transactionTimeoutMs, transactionStartTimeMs } = row
          const description = () => ({
            transactionalId,
            coordinatorId: node.nodeId,
            state: stateOf(row.transactionState),
            producerId,
            producerEpoch,
            transactionTimeoutMs,
            transactionStartTimeMs: transactionStartTimeMs < 0 ? null : transactionStartTimeMs,
            topicPartitions: row.topics.flatMap(({ topic, partitions }) =>
              partitions.map((partition) => ({ topic, partition })),
            ),
          })
          return [transactionalId, resultOf(row, {}, description)]
        }),
    },
    { items: named(transactionalIds, (id) => id), options },
  )
}

/** The transactions of every broker, by the id of the broker. */
export function listTransactionsByBroker(
  core: AdminCore,
  options: ListTransactionsOptions = {},
): Promise<Results<readonly TransactionListing[], number>> {
  const { durationMs, transactionalIdPattern } = options
  const stateFilters = [...(options.states ?? [])]
  const producerIdFilters = [...(options.producerIds ?? [])]
  return core.run('listTransactions', options, (call) =>
    askEachBroker(call, async (brokerId) => {
      const { response } = await call.ask({
        api: listApi,
        to: brokerId,
        body: (version) => {
          if (durationMs !== undefined) needsVersion(version, 1, 'a filter of durations')
          if (transactionalIdPattern !== undefined) needsVersion(version, 2, 'a filter of transactional ids')
          return {
            stateFilters,
            producerIdFilters,
            ...(durationMs === undefined ? {} : { durationFilter: durationMs }),
            ...(transactionalIdPattern === undefined ? {} : { transactionalIdPattern }),
          }
        },
        check: errorOf,
      })
      return response.transactionStates.map(({ transactionalId, producerId, transactionState }) => {
        return { transactionalId, producerId, state: stateOf(transactionState) }
      })
    }),
  )
}

/** All transactions. @throws KafkaError when a broker does not tell its own: `listTransactionsByBroker` shows those of the others */
export async function listTransactions(
  core: AdminCore,
  options: ListTransactionsOptions = {},
): Promise<readonly TransactionListing[]> {
  return [...valuesOf(await listTransactionsByBroker(core, options)).values()].flat()
}

function stateOf(text: string): TransactionState {
  return states.find((state) => state === text) ?? 'Unknown'
}

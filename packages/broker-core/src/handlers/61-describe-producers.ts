import { errors } from '@odradek/protocol'
import {
  type DescribeProducersRequest,
  type DescribeProducersResponse,
  describeProducersRequest,
  describeProducersResponse,
} from '@odradek/protocol/messages'
import { topicNameProblem } from '@odradek/quorum'
import type { Broker } from '../broker.ts'
import { defineHandler } from '../handler.ts'

/** DescribeProducers, version 0 (KIP-664): the producers a partition's leader knows. */
export const describeProducers = defineHandler<DescribeProducersRequest, DescribeProducersResponse>({
  request: describeProducersRequest,
  response: describeProducersResponse,
  handle(request, { broker }) {
    return {
      topics: request.topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({
          partitionIndex,
          ...producersOf({ topic: name, partitionIndex }, broker),
        })),
      })),
    }
  },
})

function producersOf(wanted: { readonly topic: string; readonly partitionIndex: number }, broker: Broker) {
  const problem = topicNameProblem(wanted.topic)
  if (problem !== null) return { errorCode: errors.INVALID_TOPIC_EXCEPTION.code, errorMessage: problem }
  const found = broker.partitions.findByName(wanted.topic, wanted.partitionIndex)
  const error = 'error' in found ? found.error : found.refusesReader(-1)
  if (error !== undefined || 'error' in found) {
    const { code, message } = errors[error ?? 'NONE']
    return { errorCode: code, errorMessage: message }
  }
  const activeProducers = found.log.describeProducers().map(({ currentTransactionStartOffset, ...producer }) => ({
    ...producer,
    currentTxnStartOffset: currentTransactionStartOffset,
  }))
  return { activeProducers }
}

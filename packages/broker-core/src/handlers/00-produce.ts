import { errors, type Input } from '@odradek/protocol'
import {
  type ProduceRequest,
  type ProduceRequestPartitionProduceData,
  type ProduceRequestTopicProduceData,
  type ProduceResponse,
  type ProduceResponsePartitionProduceResponse,
  produceRequest,
  produceResponse,
} from '@odradek/protocol/messages'
import { ClosesConnection } from '../connection/closes-connection.ts'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'
import type { AppendOutcome } from '../partitions/append-outcome.ts'
import { type PendingAppend, waitForAcknowledgement } from '../partitions/delayed-produce.ts'

type PartitionResult = Input<ProduceResponsePartitionProduceResponse>

/**
 * Produce, versions 3 to 13 (advertised from 0, see ApiVersions): zstd since 7, record errors since 8 (KIP-467), the new leader in
 * the answer since 10 (KIP-951), transactions verified implicitly since 12 (KIP-890), topic ids since 13 (KIP-516). Records are
 * appended as they came; with acks=1 the answer leaves when they are written, with acks=all when the in-sync replicas have them,
 * with acks=0 there is none, and an error closes the connection, the only way to tell the producer.
 */
export const produce = defineHandler<ProduceRequest, ProduceResponse>({
  request: produceRequest,
  response: produceResponse,
  async handle(request, context) {
    if (!isValidAcks(request.acks)) return refuseAll(request, errors.INVALID_REQUIRED_ACKS.code)
    const pending: PendingAppend[] = []
    for (const topic of request.topicData) {
      for (const partition of topic.partitionData) {
        pending.push(append(topic, partition, { acks: request.acks, context }))
      }
    }
    await waitForAcknowledgement(pending, { acks: request.acks, timeoutMs: request.timeoutMs, broker: context.broker })
    if (request.acks === 0) return acknowledgeNothing(pending)
    return respond(request, pending, context)
  },
  failure: refuseAll,
})

function isValidAcks(acks: number): boolean {
  return acks === 0 || acks === 1 || acks === -1
}

function append(
  topic: ProduceRequestTopicProduceData,
  data: ProduceRequestPartitionProduceData,
  options: { readonly acks: number; readonly context: RequestContext },
): PendingAppend {
  const { broker, apiVersion } = options.context
  const byId = apiVersion >= 13
  const name = byId ? broker.metadata.image.topics.byId(topic.topicId)?.name : topic.name
  const found = byId
    ? broker.partitions.findById(topic.topicId, data.index)
    : broker.partitions.findByName(topic.name, data.index)
  if ('error' in found) return { outcome: found, topic: name ?? '', index: data.index }
  const outcome = found.appendAsLeader(data.records, { acks: options.acks, apiVersion })
  return { outcome, topic: found.topic, index: data.index, partition: found }
}

/** Without acknowledgement the answer is silence, and an error is told by closing the connection. */
function acknowledgeNothing(pending: readonly PendingAppend[]): null {
  const failed = pending.find(({ outcome }) => outcome.error !== undefined)
  if (failed?.outcome.error === undefined) return null
  const { error, message } = failed.outcome
  throw new ClosesConnection(`acks=0 produce to ${failed.topic}-${failed.index} failed: ${error} (${message})`)
}

function respond(
  request: ProduceRequest,
  pending: readonly PendingAppend[],
  context: RequestContext,
): Input<ProduceResponse> {
  const newLeaders = new Set<number>()
  let next = 0
  const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
    name,
    topicId,
    partitionResponses: partitionData.map(({ index }) => {
      const { outcome, partition } = pending[next++]!
      const result = resultOf(index, outcome)
      if (outcome.error !== 'NOT_LEADER_OR_FOLLOWER' || partition === undefined || context.apiVersion < 10)
        return result
      newLeaders.add(partition.leaderId)
      return { ...result, currentLeader: { leaderId: partition.leaderId, leaderEpoch: partition.leaderEpoch } }
    }),
  }))
  return { responses, nodeEndpoints: context.broker.nodeEndpoints(newLeaders, context.connection.listenerName) }
}

function resultOf(index: number, outcome: AppendOutcome): PartitionResult {
  if (outcome.error === undefined) {
    const { firstOffset, logAppendTime, logStartOffset } = outcome
    return { index, baseOffset: firstOffset, logAppendTimeMs: logAppendTime, logStartOffset }
  }
  return {
    index,
    errorCode: errors[outcome.error].code,
    baseOffset: -1,
    logStartOffset: outcome.logStartOffset ?? -1,
    recordErrors: (outcome.recordErrors ?? []).map(({ batchIndex, message }) => ({
      batchIndex,
      batchIndexErrorMessage: message,
    })),
    errorMessage: outcome.message,
  }
}

function refuseAll(request: ProduceRequest, errorCode: number): Input<ProduceResponse> {
  return {
    responses: request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({ index, errorCode, baseOffset: -1 })),
    })),
  }
}

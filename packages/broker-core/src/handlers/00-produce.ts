import { type ErrorName, errors, type Input } from '@odradek/protocol'
import {
  type ProduceRequest,
  type ProduceRequestPartitionProduceData,
  type ProduceRequestTopicProduceData,
  type ProduceResponse,
  type ProduceResponsePartitionProduceResponse,
  produceRequest,
  produceResponse,
} from '@odradek/protocol/messages'
import { isInternalTopic } from '@odradek/quorum'
import { ClosesConnection } from '../connection/closes-connection.ts'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'
import type { AppendOutcome } from '../partitions/append-outcome.ts'
import { type PendingAppend, waitForAcknowledgement } from '../partitions/delayed-produce.ts'
import { isTransactional, producedRecordsProblem } from '../partitions/produced-records.ts'

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
  async handle(asked, context) {
    const request = withoutRepetitions(asked)
    if (isForeignTransaction(request)) return refuseAll(request, errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code)
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

/** Records of a transaction without the transactional id that would allow them. */
function isForeignTransaction({ transactionalId, topicData }: ProduceRequest): boolean {
  if (transactionalId !== null) return false
  return topicData.some(({ partitionData }) => partitionData.some(({ records }) => isTransactional(records)))
}

/** A partition that is named twice counts once, with what was named last, as in Kafka. */
function withoutRepetitions(request: ProduceRequest): ProduceRequest {
  const isRepeated = ({ partitionData }: ProduceRequestTopicProduceData) =>
    partitionData.length > 1 && new Set(partitionData.map(({ index }) => index)).size < partitionData.length
  if (!request.topicData.some(isRepeated)) return request
  const topicData = request.topicData.map((topic) => ({
    ...topic,
    partitionData: [...new Map(topic.partitionData.map((partition) => [partition.index, partition])).values()],
  }))
  return { ...request, topicData }
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
  const records = data.records ?? new Uint8Array()
  const outcome =
    internalTopicProblem(found.topic, options.context) ??
    producedRecordsProblem(records, apiVersion) ??
    found.appendAsLeader(records, { acks: options.acks })
  return { outcome, topic: found.topic, index: data.index, partition: found }
}

/** Topics of the coordinators are written by them alone; Kafka lets its own admin client pass. */
function internalTopicProblem(topic: string, { clientId }: RequestContext): AppendOutcome | undefined {
  if (!isInternalTopic(topic) || clientId === '__admin_client') return undefined
  return { error: 'INVALID_TOPIC_EXCEPTION', message: `Cannot append to internal topic ${topic}` }
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

/** Refusals with which Kafka does not say where the log starts. */
const withoutLogStart: ReadonlySet<ErrorName> = new Set([
  'CORRUPT_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'KAFKA_STORAGE_ERROR',
])

function resultOf(index: number, outcome: AppendOutcome): PartitionResult {
  if (outcome.error === undefined) {
    const { firstOffset, logAppendTime, logStartOffset } = outcome
    return { index, baseOffset: firstOffset, logAppendTimeMs: logAppendTime, logStartOffset }
  }
  return {
    index,
    errorCode: errors[outcome.error].code,
    baseOffset: -1,
    logStartOffset: withoutLogStart.has(outcome.error) ? -1 : (outcome.logStartOffset ?? -1),
    recordErrors: (outcome.recordErrors ?? []).map(({ batchIndex, message }) => ({
      batchIndex,
      batchIndexErrorMessage: message,
    })),
    errorMessage: outcome.message,
  }
}

function refuseAll(request: ProduceRequest, errorCode: number): Input<ProduceResponse> {
  if (request.acks === 0) throw new ClosesConnection(`acks=0 produce was refused with error ${errorCode}`)
  return {
    responses: request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({ index, errorCode, baseOffset: -1 })),
    })),
  }
}

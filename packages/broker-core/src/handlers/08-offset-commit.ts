import { commitOffsets } from '@odradek/coordinator'
import { errors, type Input, zeroUuid } from '@odradek/protocol'
import {
  type OffsetCommitRequest,
  type OffsetCommitRequestTopic,
  type OffsetCommitResponse,
  type OffsetCommitResponseTopic,
  offsetCommitRequest,
  offsetCommitResponse,
} from '@odradek/protocol/messages'
import type { TopicImage } from '@odradek/quorum'
import type { RequestContext } from '../connection/request-context.ts'
import { requesterOf } from '../groups/requester.ts'
import { defineHandler } from '../handler.ts'

type TopicResult = Input<OffsetCommitResponseTopic>

const usesTopicIdsSince = 10

/**
 * OffsetCommit, versions 2 to 10: leader epochs since 6 (KIP-320), static members since 7 (KIP-345), member epochs since 9
 * (KIP-848), topic ids since 10 (KIP-848). Partitions that do not exist are refused here; the rest is for the coordinator.
 */
export const offsetCommit = defineHandler<OffsetCommitRequest, OffsetCommitResponse>({
  request: offsetCommitRequest,
  response: offsetCommitResponse,
  async handle(request, context) {
    const known: OffsetCommitRequestTopic[] = []
    const refused = new Map<OffsetCommitRequestTopic, TopicResult>()
    for (const topic of request.topics) {
      const { accepted, rejected } = sort(topic, context)
      if (accepted !== undefined) known.push(accepted)
      if (rejected !== undefined) refused.set(topic, rejected)
    }
    if (known.length === 0) return { topics: [...refused.values()] }
    const commit = { ...request, topics: known }
    const response = await context.broker.groups.run<Input<OffsetCommitResponse>>(request.groupId, {
      handle: (state, coordinator, reply) =>
        commitOffsets(state, { request: commit, requester: requesterOf(context, reply) }, coordinator),
      failure: (error) => refusedCommit(commit, errors[error].code),
    })
    return refused.size === 0 ? response : { topics: merge(response.topics ?? [], [...refused.values()]) }
  },
  failure: refusedCommit,
})

/** The partitions of a topic that exist, with name and id of the topic, and those that do not. */
function sort(
  topic: OffsetCommitRequestTopic,
  { apiVersion, broker }: RequestContext,
): { readonly accepted?: OffsetCommitRequestTopic; readonly rejected?: TopicResult } {
  const { topics } = broker.metadata.image
  const byId = apiVersion >= usesTopicIdsSince
  const image = byId ? topics.byId(topic.topicId) : topics.byName(topic.name)
  if (image === undefined) {
    const error = byId ? errors.UNKNOWN_TOPIC_ID : errors.UNKNOWN_TOPIC_OR_PARTITION
    return { rejected: refusedTopic(topic, error.code) }
  }
  const named = { ...topic, name: image.name, topicId: image.topicId }
  const existing = topic.partitions.filter(({ partitionIndex }) => image.partitions.has(partitionIndex))
  if (existing.length === topic.partitions.length) return { accepted: named }
  const missing = { ...named, partitions: topic.partitions.filter((partition) => !has(image, partition)) }
  const rejected = refusedTopic(missing, errors.UNKNOWN_TOPIC_OR_PARTITION.code)
  return existing.length === 0 ? { rejected } : { accepted: { ...named, partitions: existing }, rejected }
}

function has(image: TopicImage, { partitionIndex }: { readonly partitionIndex: number }): boolean {
  return image.partitions.has(partitionIndex)
}

function refusedTopic({ name, topicId, partitions }: OffsetCommitRequestTopic, errorCode: number): TopicResult {
  return { name, topicId, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) }
}

function refusedCommit(request: OffsetCommitRequest, errorCode: number): Input<OffsetCommitResponse> {
  return { topics: request.topics.map((topic) => refusedTopic(topic, errorCode)) }
}

/** One entry for each topic, though some of its partitions were refused here and others answered by the coordinator. */
function merge(answered: readonly TopicResult[], refused: readonly TopicResult[]): TopicResult[] {
  const merged = new Map<string, TopicResult>()
  for (const topic of [...refused, ...answered]) {
    const key = `${topic.topicId ?? zeroUuid} ${topic.name}`
    const partitions = [...(merged.get(key)?.partitions ?? []), ...(topic.partitions ?? [])]
    merged.set(key, { ...topic, partitions })
  }
  return [...merged.values()]
}

import { errors, type Input, zeroUuid } from '@odradek/protocol'
import type {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
  DeleteTopicsResponseDeletableTopicResult,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { type ApiError, type ControllerContext, type ControllerResult, noError } from './operation.ts'

interface TopicReference {
  readonly name: string | null
  readonly topicId: string
}

type TopicResult = Input<DeleteTopicsResponseDeletableTopicResult>

/** DeleteTopics by name (all versions) or id (version 6, KIP-516). */
export function deleteTopics(
  request: DeleteTopicsRequest,
  context: ControllerContext,
): ControllerResult<Input<DeleteTopicsResponse>> {
  const references: readonly TopicReference[] = [
    ...request.topicNames.map((name) => ({ name, topicId: zeroUuid })),
    ...request.topics,
  ]
  const records: MetadataRecord[] = []
  const done = new Set<string>()
  const seen = new Set<string>()
  const responses: TopicResult[] = []
  for (const reference of references) {
    const key = `${reference.name ?? ''}/${reference.topicId}`
    if (seen.has(key)) continue
    seen.add(key)
    const isDuplicate = references.filter(
      (other) => other.name === reference.name && other.topicId === reference.topicId,
    )
    const result = isDuplicate.length > 1 ? duplicate(reference) : deleteTopic(reference, done, context)
    responses.push(result)
    if (result.errorCode === 0 && result.topicId !== undefined) {
      done.add(result.topicId)
      records.push({ type: 'RemoveTopicRecord', version: 0, record: { topicId: result.topicId } })
    }
  }
  return { records, response: { responses } }
}

function deleteTopic(reference: TopicReference, done: ReadonlySet<string>, context: ControllerContext): TopicResult {
  const hasId = reference.topicId !== zeroUuid
  if (hasId && reference.name !== null) {
    return failure(reference, invalidRequest('You may not specify both topic name and topic id.'))
  }
  if (!hasId && reference.name === null) {
    return failure(reference, invalidRequest('Neither topic name nor id were specified.'))
  }
  const { topics } = context.image
  const topic = hasId ? topics.byId(reference.topicId) : topics.byName(reference.name ?? '')
  if (topic === undefined) {
    const error = hasId ? errors.UNKNOWN_TOPIC_ID : errors.UNKNOWN_TOPIC_OR_PARTITION
    return failure(reference, { errorCode: error.code, errorMessage: error.message })
  }
  if (done.has(topic.topicId)) {
    return failure(reference, invalidRequest('The provided topic name maps to an ID that was already supplied.'))
  }
  return { name: topic.name, topicId: topic.topicId, ...noError }
}

function duplicate(reference: TopicReference): TopicResult {
  return failure(reference, invalidRequest(reference.name === null ? 'Duplicate topic id.' : 'Duplicate topic name.'))
}

function failure(reference: TopicReference, error: ApiError): TopicResult {
  return { name: reference.name, topicId: reference.topicId, ...error }
}

function invalidRequest(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_REQUEST.code, errorMessage }
}

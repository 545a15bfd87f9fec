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
  const namedTwice = idsNamedTwice(references, context)
  const seen = new Set<string>()
  const responses: TopicResult[] = []
  for (const reference of references) {
    const key = `${reference.name ?? ''}/${reference.topicId}`
    if (seen.has(key)) continue
    seen.add(key)
    const isDuplicate = references.filter(
      (other) => other.name === reference.name && other.topicId === reference.topicId,
    )
    const result = isDuplicate.length > 1 ? duplicate(reference) : deleteTopic(reference, namedTwice, context)
    if (result.topicId !== undefined && done.has(result.topicId)) continue
    responses.push(result)
    if (result.topicId !== undefined && namedTwice.has(result.topicId)) done.add(result.topicId)
    if (result.errorCode === 0 && result.topicId !== undefined) {
      done.add(result.topicId)
      records.push({ type: 'RemoveTopicRecord', version: 0, record: { topicId: result.topicId } })
    }
  }
  return { records, response: { responses } }
}

/** Ids of topics that the request names by id and, once more, by name. */
function idsNamedTwice(references: readonly TopicReference[], { image }: ControllerContext): ReadonlySet<string> {
  const byId = new Set(references.map(({ topicId }) => topicId).filter((topicId) => topicId !== zeroUuid))
  const byName = references.flatMap(({ name }) => (name === null ? [] : (image.topics.byName(name)?.topicId ?? [])))
  return new Set(byName.filter((topicId) => byId.has(topicId)))
}

function deleteTopic(
  reference: TopicReference,
  namedTwice: ReadonlySet<string>,
  context: ControllerContext,
): TopicResult {
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
  if (namedTwice.has(topic.topicId)) {
    const named = { name: topic.name, topicId: topic.topicId }
    return failure(named, invalidRequest('The provided topic name maps to an ID that was already supplied.'))
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

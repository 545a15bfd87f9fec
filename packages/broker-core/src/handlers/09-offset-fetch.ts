import { answer, fetchOffsets } from '@odradek/coordinator'
import { type ErrorName, errors, type Input, zeroUuid } from '@odradek/protocol'
import {
  type OffsetFetchRequest,
  type OffsetFetchRequestGroup,
  type OffsetFetchResponse,
  type OffsetFetchResponseGroup,
  offsetFetchRequest,
  offsetFetchResponse,
} from '@odradek/protocol/messages'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'

type GroupResult = Input<OffsetFetchResponseGroup>

/** The first version that asks for several groups at once (KIP-709). */
const asksForManySince = 8
const usesTopicIdsSince = 10

/**
 * OffsetFetch, versions 1 to 10: all offsets of a group since 2, leader epochs since 5 (KIP-320), stable offsets since 7 (KIP-447),
 * several groups since 8 (KIP-709), member epochs since 9 (KIP-848), topic ids since 10 (KIP-848).
 */
export const offsetFetch = defineHandler<OffsetFetchRequest, OffsetFetchResponse>({
  request: offsetFetchRequest,
  response: offsetFetchResponse,
  async handle(request, context) {
    const groups = await Promise.all(groupsOf(request, context).map((group) => fetchGroup(group, request, context)))
    return context.apiVersion >= asksForManySince ? { groups } : inOldShape(groups[0]!, context)
  },
})

/** A request of an older version asks for one group. */
function groupsOf(request: OffsetFetchRequest, { apiVersion }: RequestContext): readonly OffsetFetchRequestGroup[] {
  if (apiVersion >= asksForManySince) return request.groups
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: zeroUuid })) ?? null
  return [{ groupId: request.groupId, memberId: null, memberEpoch: -1, topics }]
}

async function fetchGroup(
  group: OffsetFetchRequestGroup,
  { requireStable }: OffsetFetchRequest,
  context: RequestContext,
): Promise<GroupResult> {
  const { broker } = context
  const byId = context.apiVersion >= usesTopicIdsSince
  const { topics: images } = broker.metadata.image
  const named = group.topics?.map((topic) =>
    byId ? { ...topic, name: images.byId(topic.topicId)?.name ?? '' } : { ...topic, topicId: zeroUuid },
  )
  const known = named?.filter(({ name }) => !byId || name !== '') ?? null
  const unknown = named?.filter(({ name }) => byId && name === '') ?? []
  const result = await broker.groups.run<GroupResult>(group.groupId, {
    handle: (state) => answer(fetchOffsets(state, { ...group, topics: known, requireStable })),
    failure: (error) => failedGroup(group, error, context),
  })
  if (result.errorCode) return result
  const topics = group.topics === null && byId ? withIds(result.topics ?? [], context) : (result.topics ?? [])
  return { ...result, topics: [...topics, ...unknown.map((topic) => failedTopic(topic, 'UNKNOWN_TOPIC_ID'))] }
}

/** Everything a group has committed, but for topics that do not exist any more: they have no id to be told by. */
function withIds(topics: NonNullable<GroupResult['topics']>, { broker }: RequestContext) {
  return topics.flatMap((topic) => {
    const image = broker.metadata.image.topics.byName(topic.name ?? '')
    return image === undefined ? [] : [{ ...topic, topicId: image.topicId }]
  })
}

function failedGroup(group: OffsetFetchRequestGroup, error: ErrorName, { apiVersion }: RequestContext): GroupResult {
  const { groupId } = group
  // Version 1 has no place for the error but the partitions.
  if (apiVersion >= 2) return { groupId, errorCode: errors[error].code }
  return { groupId, errorCode: errors[error].code, topics: group.topics?.map((topic) => failedTopic(topic, error)) }
}

function failedTopic(
  { name, topicId, partitionIndexes }: NonNullable<OffsetFetchRequestGroup['topics']>[number],
  error: ErrorName,
) {
  const nothing = { committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: errors[error].code }
  return { name, topicId, partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, ...nothing })) }
}

function inOldShape({ errorCode, topics }: GroupResult, { apiVersion }: RequestContext): Input<OffsetFetchResponse> {
  const named = (topics ?? []).map(({ name, partitions }) => ({ name, partitions }))
  return apiVersion >= 2 ? { errorCode, topics: named } : { topics: named }
}

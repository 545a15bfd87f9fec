import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type {
  OffsetCommitRequest,
  OffsetCommitRequestPartition,
  OffsetCommitRequestTopic,
  OffsetCommitResponse,
} from '@odradek/protocol/messages'
import { type ClassicGroup, emptyClassicGroup, memberError } from '../classic/classic-group.ts'
import { ClassicStep } from '../classic/classic-step.ts'
import { consumerCommitError } from '../consumer/commit-error.ts'
import type { CoordinatorContext, Requester } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { answer, type CoordinatorRecord, type CoordinatorResult, type TimerChange } from '../result.ts'
import { offsetCommitRecord } from './committed-offsets.ts'

type Result = CoordinatorResult<Input<OffsetCommitResponse>>

interface Commit {
  readonly request: OffsetCommitRequest
  readonly requester: Requester
}

/** The first version that tells a group that does not exist from an old generation. */
const tellsUnknownGroupSince = 9

/**
 * OffsetCommit, versions 2 to 10. Topics have their names here, and only those that exist. A commit without a generation is for
 * groups that have no members: clients that assign partitions by themselves.
 */
export function commitOffsets(state: GroupCoordinatorState, commit: Commit, context: CoordinatorContext): Result {
  const { request, requester } = commit
  const known = state.group(request.groupId)
  if (known === undefined && request.generationIdOrMemberEpoch >= 0) {
    const error = requester.apiVersion >= tellsUnknownGroupSince ? 'GROUP_ID_NOT_FOUND' : 'ILLEGAL_GENERATION'
    return refusal(request, error)
  }
  if (known?.type === 'consumer') {
    const refused = consumerCommitError(known, commit)
    return refused === undefined ? accept(request, context) : refusal(request, refused)
  }
  const group = known ?? emptyClassicGroup(request.groupId, context.now)
  const error = commitError(group, request)
  if (error !== undefined) return refusal(request, error)
  return { ...accept(request, context), timers: keepSession(group, request, context) }
}

/** Why a group takes no commit from this member now. */
function commitError(group: ClassicGroup, request: OffsetCommitRequest): ErrorName | undefined {
  const { generationIdOrMemberEpoch: generationId, memberId, groupInstanceId } = request
  if (generationId < 0 && group.state === 'Empty') return undefined
  if (generationId < 0 && memberId === '' && groupInstanceId === null) return 'UNKNOWN_MEMBER_ID'
  const error = memberError(group, { memberId, groupInstanceId })
  if (error !== undefined) return error
  if (generationId !== group.generationId) return 'ILLEGAL_GENERATION'
  return group.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined
}

/** A commit shows that the member lives. */
function keepSession(
  group: ClassicGroup,
  { memberId }: OffsetCommitRequest,
  context: CoordinatorContext,
): readonly TimerChange[] {
  const member = group.members.get(memberId)
  if (member === undefined) return []
  const step = new ClassicStep(group, context)
  step.restartSession(member)
  return step.result(undefined).timers
}

function accept(request: OffsetCommitRequest, context: CoordinatorContext): Result {
  const records: CoordinatorRecord[] = []
  const topics = request.topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitions.map((partition) => {
      const { partitionIndex, committedMetadata } = partition
      if ((committedMetadata?.length ?? 0) > context.config.offsetMetadataMaxBytes) {
        return { partitionIndex, errorCode: errors.OFFSET_METADATA_TOO_LARGE.code }
      }
      records.push(recordOf(request, { topic, partition }, context.now))
      return { partitionIndex, errorCode: errors.NONE.code }
    }),
  }))
  return { ...answer({ topics }), records }
}

function recordOf(
  { groupId, retentionTimeMs }: OffsetCommitRequest,
  of: { readonly topic: OffsetCommitRequestTopic; readonly partition: OffsetCommitRequestPartition },
  now: number,
): CoordinatorRecord {
  const { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata } = of.partition
  return offsetCommitRecord(
    { group: groupId, topic: of.topic.name, partition: partitionIndex },
    {
      offset: committedOffset,
      leaderEpoch: committedLeaderEpoch,
      metadata: committedMetadata ?? '',
      commitTimestampMs: now,
      expireTimestampMs: retentionTimeMs === -1 ? -1 : now + retentionTimeMs,
      topicId: of.topic.topicId,
    },
  )
}

function refusal(request: OffsetCommitRequest, error: ErrorName): Result {
  return answer(refusedCommit(request, errors[error].code))
}

/** Every partition of a commit with one error: OffsetCommit has no other place for it. */
export function refusedCommit(request: OffsetCommitRequest, errorCode: number): Input<OffsetCommitResponse> {
  return {
    topics: request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }
}

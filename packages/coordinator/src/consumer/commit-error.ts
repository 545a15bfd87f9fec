import type { ErrorName } from '@odradek/protocol'
import type { OffsetCommitRequest } from '@odradek/protocol/messages'
import type { Requester } from '../coordinator-context.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'

/** The first version in which members of the consumer protocol can commit. */
const knowsMemberEpochSince = 9

/**
 * Why a consumer group takes no commit from this member now. A member that is behind may still commit for what it has had since the
 * epoch it names: it cannot have read what another one read before it.
 */
export function consumerCommitError(
  group: ConsumerGroup,
  { request, requester }: { readonly request: OffsetCommitRequest; readonly requester: Requester },
): ErrorName | undefined {
  const { memberId, generationIdOrMemberEpoch: epoch } = request
  if (epoch < 0 && group.members.size === 0) return undefined
  const member = group.members.get(memberId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  if (member.classic === null && requester.apiVersion < knowsMemberEpochSince) return 'UNSUPPORTED_VERSION'
  if (epoch === member.memberEpoch) return undefined
  const mayCommit = epoch < member.memberEpoch && hasHadAllSince(member, epoch, request)
  return mayCommit ? undefined : staleError(member)
}

/** Why a consumer group does not tell this member its offsets; one that does not say who it is may see them. */
export function consumerFetchError(
  group: ConsumerGroup,
  { memberId, memberEpoch }: { readonly memberId: string | null; readonly memberEpoch: number },
): ErrorName | undefined {
  if (memberId === null && memberEpoch < 0) return undefined
  const member = memberId === null ? undefined : group.members.get(memberId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  return member.memberEpoch === memberEpoch ? undefined : staleError(member)
}

function hasHadAllSince(member: ConsumerMember, epoch: number, { topics }: OffsetCommitRequest): boolean {
  const epochOf = (topicId: string, partition: number) =>
    member.assignedPartitions.get(topicId)?.get(partition) ??
    member.partitionsPendingRevocation.get(topicId)?.get(partition)
  return topics.every(({ topicId, partitions }) =>
    partitions.every(({ partitionIndex }) => {
      const assignedAt = epochOf(topicId, partitionIndex)
      return assignedAt !== undefined && epoch >= assignedAt
    }),
  )
}

function staleError({ classic }: ConsumerMember): ErrorName {
  return classic === null ? 'STALE_MEMBER_EPOCH' : 'ILLEGAL_GENERATION'
}

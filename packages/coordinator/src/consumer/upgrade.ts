import { errors, ProtocolError } from '@odradek/protocol'
import { consumerProtocolType, decodeAssignment, decodeSubscription } from '@odradek/strategies'
import type { ClassicGroup, ClassicMember } from '../classic/classic-group.ts'
import { joinKey, syncKey } from '../classic/classic-step.ts'
import { groupMetadataTombstone } from '../classic/group-metadata-record.ts'
import type { CoordinatorContext, TopicsView } from '../coordinator-context.ts'
import { type GroupError, groupError } from '../group-error.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, newConsumerMember } from './consumer-member.ts'
import {
  currentAssignmentRecord,
  groupEpochRecord,
  memberMetadataRecord,
  targetAssignmentRecord,
  targetEpochRecord,
} from './consumer-records.ts'
import { ConsumerStep } from './consumer-step.ts'
import { type PartitionEpochs, partitionsIn } from './partition-epochs.ts'
import { subscriptionOf } from './subscriptions.ts'

/**
 * Makes a consumer group of a classic group when the first member of the consumer protocol joins it, while the others still speak
 * the classic one. They keep what they are assigned, and the generation goes on as the epoch. The step's group is not in the
 * coordinator's state before its records are replayed.
 */
export function convertToConsumerGroup(classic: ClassicGroup, context: CoordinatorContext): ConsumerStep | GroupError {
  const { groupId, generationId } = classic
  const refusal = refusalOf(classic, context)
  if (refusal !== undefined) return groupError('GROUP_ID_NOT_FOUND', refusal)
  const group = new ConsumerGroup(groupId)
  group.groupEpoch = generationId
  group.assignmentEpoch = generationId
  const taken = new Set<string>()
  for (const classicMember of classic.members.values()) {
    const member = convertMember(classic, classicMember, { topics: context.topics, taken })
    if (typeof member === 'string') return groupError('GROUP_ID_NOT_FOUND', member)
    group.setTarget(member.memberId, partitionsIn(member.assignedPartitions))
    group.setMember(member)
  }
  group.metadataHash = subscriptionOf(group.members, group.resolvedRegexes, context.topics).metadataHash
  const step = new ConsumerStep(group, context)
  answerWaiting(step, classic)
  step.append(groupMetadataTombstone(groupId), ...recordsOf(group))
  for (const { memberId, sessionTimeoutMs } of classic.members.values()) step.startSession(memberId, sessionTimeoutMs)
  return step
}

function refusalOf(classic: ClassicGroup, { config }: CoordinatorContext): string | undefined {
  const cannot = `Cannot upgrade classic group ${classic.groupId} to consumer group because`
  const policy = config.groupConsumerMigrationPolicy.toUpperCase()
  if (policy !== 'UPGRADE' && policy !== 'BIDIRECTIONAL') return `${cannot} online upgrade is disabled.`
  if (classic.protocolType !== consumerProtocolType)
    return `${cannot} the group does not use the consumer embedded protocol.`
  if (classic.members.size > config.groupConsumerMaxSize)
    return `${cannot} the group size exceeds the consumer group maximum size.`
  return undefined
}

/** The member as the new group has it, or why it cannot be one. */
function convertMember(
  { groupId, generationId, protocolName }: ClassicGroup,
  member: ClassicMember,
  { topics, taken }: { readonly topics: TopicsView; readonly taken: Set<string> },
): ConsumerMember | string {
  const cannot = `Cannot upgrade classic group ${groupId} to consumer group because`
  const metadata = (member.protocols.find(({ name }) => name === protocolName) ?? member.protocols[0])?.metadata
  try {
    const subscription = decodeSubscription(metadata ?? new Uint8Array(0))
    const assignment = decodeAssignment(member.assignment)
    if ((assignment.userData?.length ?? 0) > 0)
      return `${cannot} an unsupported custom assignor is in use. Please refer to the documentation or switch to a default assignor before re-attempting the upgrade.`
    return {
      ...newConsumerMember(member.memberId),
      memberEpoch: generationId,
      previousMemberEpoch: generationId,
      instanceId: member.groupInstanceId,
      rackId: subscription.rackId === '' ? null : subscription.rackId,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: new Set(subscription.topics),
      assignedPartitions: assignedPartitions(assignment.partitions, { generationId, topics, taken }),
      classic: { sessionTimeoutMs: member.sessionTimeoutMs, supportedProtocols: member.protocols },
    }
  } catch (error) {
    if (error instanceof ProtocolError) return `${cannot} the embedded consumer protocol is malformed.`
    throw error
  }
}

/** What the leader assigned, as far as the topics exist; a partition it gave to two members belongs to the first. */
function assignedPartitions(
  partitions: readonly { readonly topic: string; readonly partition: number }[],
  options: { readonly generationId: number; readonly topics: TopicsView; readonly taken: Set<string> },
): PartitionEpochs {
  const assigned = new Map<string, Map<number, number>>()
  for (const { topic, partition } of partitions) {
    const topicId = options.topics.byName(topic)?.topicId
    const key = `${topicId}-${partition}`
    if (topicId === undefined || options.taken.has(key)) continue
    options.taken.add(key)
    const epochs = assigned.get(topicId) ?? new Map<number, number>()
    assigned.set(topicId, epochs.set(partition, options.generationId))
  }
  return assigned
}

/** Whoever waits for the end of a rebalance has to join again, and finds the new group. */
function answerWaiting(step: ConsumerStep, classic: ClassicGroup): void {
  const errorCode = errors.REBALANCE_IN_PROGRESS.code
  if (classic.state === 'PreparingRebalance') {
    for (const [memberId, { reply: id }] of classic.joining)
      step.reply({ type: 'join', id, response: { memberId, errorCode } })
  }
  if (classic.state === 'CompletingRebalance') {
    for (const id of classic.syncing.values()) step.reply({ type: 'sync', id, response: { errorCode } })
  }
  step.cancelTimer(joinKey(classic.groupId))
  step.cancelTimer(syncKey(classic.groupId))
}

function recordsOf(group: ConsumerGroup) {
  const { groupId, groupEpoch, metadataHash, assignmentEpoch, assignmentTimestampMs } = group
  const members = [...group.members.values()]
  return [
    ...members.map((member) => memberMetadataRecord(groupId, member)),
    groupEpochRecord(groupId, groupEpoch, metadataHash),
    ...members.map(({ memberId }) => targetAssignmentRecord(groupId, memberId, group.targetOf(memberId, null))),
    targetEpochRecord(groupId, { assignmentEpoch, assignmentTimestamp: assignmentTimestampMs }),
    ...members.map((member) => currentAssignmentRecord(groupId, member)),
  ]
}

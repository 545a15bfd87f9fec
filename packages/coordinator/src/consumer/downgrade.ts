import { consumerProtocolType, encodeAssignment, type PartitionsByTopicId } from '@odradek/strategies'
import {
  type ClassicGroup,
  type ClassicMember,
  computeSubscribedTopics,
  emptyClassicGroup,
  metadataOf,
  selectProtocol,
} from '../classic/classic-group.ts'
import { ClassicStep } from '../classic/classic-step.ts'
import { groupMetadataRecord } from '../classic/group-metadata-record.ts'
import { prepareRebalance } from '../classic/rebalance.ts'
import type { CoordinatorContext, TopicsView } from '../coordinator-context.ts'
import type { CoordinatorResult } from '../result.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'
import { consumerGroupTombstones } from './consumer-records.ts'

/** True when all that are left without these members speak the classic protocol, and the group may become a classic one. */
export function maySwitchToClassicWithout(
  group: ConsumerGroup,
  leaving: readonly ConsumerMember[],
  context: CoordinatorContext,
): boolean {
  const left = group.members.size - leaving.length
  const classicLeft = group.classicMembers - leaving.filter(({ classic }) => classic !== null).length
  return left > 0 && classicLeft === left && maySwitch(left, context)
}

/** True when a static member that joins by the classic protocol takes the place of the last one of the consumer protocol. */
export function maySwitchToClassicFor(
  group: ConsumerGroup,
  replaced: ConsumerMember,
  context: CoordinatorContext,
): boolean {
  const { size } = group.members
  return replaced.classic === null && group.classicMembers === size - 1 && maySwitch(size, context)
}

function maySwitch(size: number, { config }: CoordinatorContext): boolean {
  const policy = config.groupConsumerMigrationPolicy.toUpperCase()
  return (policy === 'DOWNGRADE' || policy === 'BIDIRECTIONAL') && size <= config.groupMaxSize
}

/**
 * Makes a classic group of a consumer group whose last member of the consumer protocol goes, or is replaced by `joining`. The
 * others keep what they are assigned; the epoch goes on as the generation, and mostly a rebalance follows.
 */
export function convertToClassicGroup(
  group: ConsumerGroup,
  change: {
    readonly leaving: readonly ConsumerMember[]
    readonly joining?: ConsumerMember
    readonly rebalance: boolean
  },
  context: CoordinatorContext,
): Pick<CoordinatorResult<undefined>, 'records' | 'replies' | 'timers'> {
  const { joining } = change
  const replaced = joining === undefined ? undefined : group.staticMember(joining.instanceId)
  const members = new Map<string, ClassicMember>()
  for (const member of group.members.values()) {
    if (!change.leaving.includes(member) && member !== replaced) members.set(member.memberId, classicMember(member))
  }
  if (joining !== undefined) members.set(joining.memberId, classicMember(joining))
  const targetOf = (memberId: string) =>
    group.targetOf(memberId === joining?.memberId ? (replaced?.memberId ?? memberId) : memberId, null)
  const classic = assigned(stableGroup(group, members, context), targetOf, context.topics)
  const step = new ClassicStep(classic, context, true)
  const tombstones = consumerGroupTombstones(group, (memberId) =>
    memberId === replaced?.memberId && joining !== undefined ? joining.memberId : memberId,
  )
  for (const record of [...tombstones, groupMetadataRecord(classic)]) step.append(record)
  for (const member of classic.members.values()) step.restartSession(member)
  if (change.rebalance) prepareRebalance(step)
  const { records, replies, timers } = step.result(undefined)
  return { records, replies, timers }
}

function classicMember(member: ConsumerMember): ClassicMember {
  const { memberId, instanceId, clientId, clientHost, rebalanceTimeoutMs, classic } = member
  if (classic === null) throw new Error(`member ${memberId} does not speak the classic protocol`)
  return {
    ...{ memberId, clientId, clientHost, rebalanceTimeoutMs },
    groupInstanceId: instanceId,
    sessionTimeoutMs: classic.sessionTimeoutMs,
    protocols: classic.supportedProtocols,
    assignment: new Uint8Array(0),
  }
}

function stableGroup(
  { groupId, groupEpoch }: ConsumerGroup,
  members: ReadonlyMap<string, ClassicMember>,
  { now }: CoordinatorContext,
): ClassicGroup {
  const leaderId = members.keys().next().value ?? null
  const fields = { ...emptyClassicGroup(groupId, now), generationId: groupEpoch, members, leaderId }
  const group = {
    ...fields,
    state: 'Stable',
    protocolType: consumerProtocolType,
    pendingSync: new Set<string>(),
  } as const
  const named = { ...group, protocolName: selectProtocol(group) }
  return { ...named, subscribedTopics: computeSubscribedTopics(named) }
}

/** The targets, in the version of the consumers' protocol each member speaks. */
function assigned(
  group: ClassicGroup,
  targetOf: (memberId: string) => PartitionsByTopicId,
  topics: TopicsView,
): ClassicGroup {
  const members = new Map<string, ClassicMember>()
  for (const [memberId, member] of group.members) {
    const version = consumerProtocolVersionOf(metadataOf(member, group.protocolName ?? ''))
    members.set(memberId, { ...member, assignment: assignmentBytes(targetOf(memberId), version, topics) })
  }
  return { ...group, members }
}

/** The version of a subscription: its first two bytes. */
export function consumerProtocolVersionOf(metadata: Uint8Array): number {
  return ((metadata[0] ?? 0) << 8) | (metadata[1] ?? 0)
}

/** Partitions by name, as classic members read them; topics that do not exist any more are left out. */
export function assignmentBytes(partitions: PartitionsByTopicId, version: number, topics: TopicsView): Uint8Array {
  const named = [...partitions].flatMap(([topicId, numbers]) => {
    const topic = topics.byId(topicId)?.name
    return topic === undefined ? [] : [...numbers].map((partition) => ({ topic, partition }))
  })
  return encodeAssignment({ partitions: named, userData: null }, Math.min(version, newestAssignmentVersion))
}

const newestAssignmentVersion = 3

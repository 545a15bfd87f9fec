/**
 * A group of the classic protocol: members agree on a generation by joining together, one of them, the leader, divides the
 * partitions, and everybody fetches its part.
 *
 * - *Empty*: nobody is a member. There may be committed offsets, and clients that were told their member id (KIP-394) and have not
 *   come back with it yet: `pendingMembers`.
 * - *PreparingRebalance* waits for every member to join; those that did wait for their answer in `joining`. It ends when all have
 *   joined, or when the longest rebalance time-out of the members is over: who has not joined is dropped, static members aside.
 *   A group that was empty waits for `group.initial.rebalance.delay.ms` instead, longer while new members keep coming.
 * - *CompletingRebalance* is a new generation that waits for the leader's assignment; members that ask before wait in `syncing`.
 * - *Stable* has an assignment, until a member comes, goes, fails or changes what it subscribes to.
 *
 * Invariants: the generation grows by one with each finished join phase and never else; a member is answered at most once for each
 * request; every member of CompletingRebalance supports `protocolName`; the leader is a member. Only what a finished rebalance
 * says is written down, as one GroupMetadata record. (Kafka: `ClassicGroup`; KIP-62, KIP-345, KIP-394, KIP-429.)
 */
import { type ErrorName, ProtocolError, Reader } from '@odradek/protocol'
import { consumerProtocolSubscription } from '@odradek/protocol/messages'
import { consumerProtocolType } from '@odradek/strategies'
import type { ReplyId } from '../result.ts'

/** An assignment strategy a member offers, with what it says to the leader. */
export interface ClassicProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

/** A member of a classic group. Times are milliseconds. */
export interface ClassicMember {
  readonly memberId: string
  /** `group.instance.id` of a static member (KIP-345). */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** In the member's order of preference. */
  readonly protocols: readonly ClassicProtocol[]
  /** What the leader of the last finished rebalance gave it; empty without one. */
  readonly assignment: Uint8Array
}

/** What a group has in every state. */
export interface GroupFields {
  readonly type: 'classic'
  readonly groupId: string
  readonly generationId: number
  /** `consumer`, `connect`, ...; null before the first member and in groups that only commit offsets. */
  readonly protocolType: string | null
  /** The protocol of the current generation. */
  readonly protocolName: string | null
  readonly leaderId: string | null
  /** When the group came into its state, null when a record of an old version does not say. */
  readonly stateTimestampMs: number | null
  readonly members: ReadonlyMap<string, ClassicMember>
  /** Ids that were given out and have not been joined with. */
  readonly pendingMembers: ReadonlySet<string>
  /** Topics of the current generation's subscriptions; null when they cannot be read. */
  readonly subscribedTopics: ReadonlySet<string> | null
}

/** A member that waits for the end of the join phase. */
export interface JoiningMember {
  readonly reply: ReplyId
  /** It has not been in a generation yet, so nothing but its join tells that it lives. */
  readonly isNew: boolean
}

export interface EmptyGroup extends GroupFields {
  readonly state: 'Empty'
}

export interface PreparingRebalanceGroup extends GroupFields {
  readonly state: 'PreparingRebalance'
  readonly joining: ReadonlyMap<string, JoiningMember>
  /** Set in the first rebalance of a group: whether a member came since the delay was last started. */
  readonly initial: { readonly newMemberAdded: boolean } | null
}

export interface CompletingRebalanceGroup extends GroupFields {
  readonly state: 'CompletingRebalance'
  readonly syncing: ReadonlyMap<string, ReplyId>
  /** Members that have not asked for their assignment. */
  readonly pendingSync: ReadonlySet<string>
}

export interface StableGroup extends GroupFields {
  readonly state: 'Stable'
  readonly pendingSync: ReadonlySet<string>
}

/** A classic group; never changed in place. */
export type ClassicGroup = EmptyGroup | PreparingRebalanceGroup | CompletingRebalanceGroup | StableGroup

/** The fields of every state, without those of the present one. */
export function groupFields(group: ClassicGroup): GroupFields {
  const { type, groupId, generationId, protocolType, protocolName, leaderId, stateTimestampMs } = group
  const { members, pendingMembers, subscribedTopics } = group
  const identity = { type, groupId, generationId, protocolType, protocolName, leaderId }
  return { ...identity, stateTimestampMs, members, pendingMembers, subscribedTopics }
}

/** A group that nobody is in. */
export function emptyClassicGroup(groupId: string, now: number): EmptyGroup {
  return {
    type: 'classic',
    state: 'Empty',
    groupId,
    generationId: 0,
    protocolType: null,
    protocolName: null,
    leaderId: null,
    stateTimestampMs: now,
    members: new Map(),
    pendingMembers: new Set(),
    subscribedTopics: null,
  }
}

/** The member id that holds an instance id, undefined when none does. */
export function staticMemberId(group: ClassicGroup, groupInstanceId: string): string | undefined {
  for (const member of group.members.values()) {
    if (member.groupInstanceId === groupInstanceId) return member.memberId
  }
  return undefined
}

/** Why a member cannot act in the group: it is unknown, or another one has taken its instance id. */
export function memberError(
  group: ClassicGroup,
  { memberId, groupInstanceId }: { readonly memberId: string; readonly groupInstanceId: string | null },
): ErrorName | undefined {
  if (groupInstanceId !== null) {
    const holder = staticMemberId(group, groupInstanceId)
    if (holder === undefined) return 'UNKNOWN_MEMBER_ID'
    if (holder !== memberId) return 'FENCED_INSTANCE_ID'
  }
  return group.members.has(memberId) ? undefined : 'UNKNOWN_MEMBER_ID'
}

/** True when a member with these protocols can be in the group: all members have to share one. */
export function supportsProtocols(
  group: ClassicGroup,
  protocolType: string,
  protocols: readonly { readonly name: string }[],
): boolean {
  if (group.state === 'Empty') return protocolType !== '' && protocols.length > 0
  if (group.protocolType !== protocolType) return false
  return protocols.some(({ name }) => isSupportedByAll(group, name))
}

/** The protocol that most members prefer among those all of them support; the first to reach that number. */
export function selectProtocol(group: ClassicGroup): string {
  const votes = new Map<string, number>()
  for (const { protocols } of group.members.values()) {
    const vote = protocols.find(({ name }) => isSupportedByAll(group, name))
    if (vote === undefined) throw new Error(`group ${group.groupId}: a member shares no protocol with the others`)
    votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1)
  }
  let [selected, most] = ['', 0]
  for (const [name, count] of votes) if (count > most) [selected, most] = [name, count]
  return selected
}

function isSupportedByAll(group: ClassicGroup, name: string): boolean {
  for (const { protocols } of group.members.values()) {
    if (!protocols.some((protocol) => protocol.name === name)) return false
  }
  return true
}

/** What a member said for a protocol it offers. */
export function metadataOf(member: ClassicMember, protocolName: string): Uint8Array {
  const protocol = member.protocols.find(({ name }) => name === protocolName)
  if (protocol === undefined) throw new Error(`member ${member.memberId} does not offer protocol ${protocolName}`)
  return protocol.metadata
}

/** True when a member joins with exactly the protocols it had. */
export function hasSameProtocols(member: ClassicMember, protocols: readonly ClassicProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every(({ name, metadata }, index) => {
      const other = protocols[index]!
      return name === other.name && Buffer.compare(metadata, other.metadata) === 0
    })
  )
}

/** The longest time any member asks for to join again, 0 without members. */
export function rebalanceTimeoutMs(group: ClassicGroup): number {
  let longest = 0
  for (const member of group.members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs)
  return longest
}

/** True when nobody has to be waited for, neither members nor clients that were given an id. */
export function hasAllMembersJoined(group: PreparingRebalanceGroup): boolean {
  return group.members.size === group.joining.size && group.pendingMembers.size === 0
}

/** The topics that the members of a generation subscribe to; null when the protocol is not the consumers' or does not tell. */
export function computeSubscribedTopics(
  group: Pick<ClassicGroup, 'protocolType' | 'protocolName' | 'members'>,
): ReadonlySet<string> | null {
  const { protocolType, protocolName, members } = group
  if (protocolType !== consumerProtocolType) return null
  if (members.size === 0) return new Set()
  if (protocolName === null) return null
  const topics = new Set<string>()
  try {
    for (const member of members.values()) {
      for (const topic of subscribedTopicsIn(metadataOf(member, protocolName))) topics.add(topic)
    }
  } catch (error) {
    // A client may write what it likes; then the coordinator does not know its topics, as in Kafka.
    if (error instanceof ProtocolError) return null
    throw error
  }
  return topics
}

/** Version 0 of the subscription is the beginning of every later one. */
function subscribedTopicsIn(metadata: Uint8Array): readonly string[] {
  const reader = new Reader(metadata)
  reader.readInt16()
  return consumerProtocolSubscription.read(reader, 0).topics
}

/** True when a topic's offsets are in use; also when the subscriptions of consumers cannot be read. */
export function isClassicSubscribedToTopic(group: ClassicGroup, topic: string): boolean {
  return group.subscribedTopics?.has(topic) ?? group.protocolType === consumerProtocolType
}

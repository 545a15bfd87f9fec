import { noPartitions, type PartitionEpochs, samePartitionEpochs } from './partition-epochs.ts'

/** Where a member is on its way to its target assignment; Kafka's names, and the numbers of its records. */
export const memberStates = {
  STABLE: 0,
  UNREVOKED_PARTITIONS: 1,
  UNRELEASED_PARTITIONS: 2,
  UNKNOWN: 127,
} as const

/** What a member still has to do for its assignment, by Kafka's name. */
export type MemberState = keyof typeof memberStates

/** One way from state to state of a member, and what causes it. Tests walk the rows, documents print them. */
export interface MemberTransition {
  readonly from: MemberState
  readonly on: string
  readonly to: MemberState
}

/** Every change of state that reconciling a member makes. */
export const memberTransitions = [
  { from: 'STABLE', on: 'new target takes partitions away', to: 'UNREVOKED_PARTITIONS' },
  { from: 'STABLE', on: 'new target gives partitions others still have', to: 'UNRELEASED_PARTITIONS' },
  { from: 'STABLE', on: 'new target gives free partitions or none', to: 'STABLE' },
  { from: 'UNREVOKED_PARTITIONS', on: 'member has given up the partitions, target is free', to: 'STABLE' },
  {
    from: 'UNREVOKED_PARTITIONS',
    on: 'member has given up the partitions, target is not',
    to: 'UNRELEASED_PARTITIONS',
  },
  { from: 'UNREVOKED_PARTITIONS', on: 'newer target takes more away', to: 'UNREVOKED_PARTITIONS' },
  { from: 'UNRELEASED_PARTITIONS', on: 'others gave up the partitions', to: 'STABLE' },
  { from: 'UNRELEASED_PARTITIONS', on: 'others gave up a part', to: 'UNRELEASED_PARTITIONS' },
  { from: 'UNRELEASED_PARTITIONS', on: 'newer target takes partitions away', to: 'UNREVOKED_PARTITIONS' },
  { from: 'UNKNOWN', on: 'member comes back without partitions', to: 'STABLE' },
  { from: 'UNKNOWN', on: 'member comes back without partitions, target is not free', to: 'UNRELEASED_PARTITIONS' },
] as const satisfies readonly MemberTransition[]

/** What a member that still speaks the classic protocol said when it joined. */
export interface ClassicMemberMetadata {
  readonly sessionTimeoutMs: number
  readonly supportedProtocols: readonly { readonly name: string; readonly metadata: Uint8Array }[]
}

/** A member of a consumer group; never changed in place. Times are milliseconds. */
export interface ConsumerMember {
  readonly memberId: string
  /** The epoch of the target assignment it has reached; -2 for a static member that is away, -1 when it is being removed. */
  readonly memberEpoch: number
  /** The epoch before; a member whose answer got lost may still use it. */
  readonly previousMemberEpoch: number
  readonly state: MemberState
  /** `group.instance.id` of a static member. */
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly rebalanceTimeoutMs: number
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: ReadonlySet<string>
  /** Empty without one. */
  readonly subscribedTopicRegex: string
  readonly serverAssignorName: string | null
  /** What it may consume. */
  readonly assignedPartitions: PartitionEpochs
  /** What it has to give up before it gets on; only in UNREVOKED_PARTITIONS. */
  readonly partitionsPendingRevocation: PartitionEpochs
  /** Null for a member of the consumer protocol. */
  readonly classic: ClassicMemberMetadata | null
}

/** The epoch of a static member that is away for a while. */
export const leaveStaticEpoch = -2
/** The epoch with which a member leaves for good. */
export const leaveEpoch = -1

/** A member nothing is known of but its id. */
export function newConsumerMember(memberId: string): ConsumerMember {
  return {
    memberId,
    memberEpoch: 0,
    previousMemberEpoch: -1,
    state: 'STABLE',
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: new Set(),
    subscribedTopicRegex: '',
    serverAssignorName: null,
    assignedPartitions: noPartitions,
    partitionsPendingRevocation: noPartitions,
    classic: null,
  }
}

/** True when the member has what the target of that epoch gives it. */
export function isReconciledTo(member: ConsumerMember, assignmentEpoch: number): boolean {
  return member.state === 'STABLE' && member.memberEpoch === assignmentEpoch
}

/** True when what a member says of itself is the same: what its metadata record holds. */
export function sameMetadata(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.memberId === b.memberId &&
    a.instanceId === b.instanceId &&
    a.rackId === b.rackId &&
    a.rebalanceTimeoutMs === b.rebalanceTimeoutMs &&
    a.clientId === b.clientId &&
    a.clientHost === b.clientHost &&
    sameNames(a.subscribedTopicNames, b.subscribedTopicNames) &&
    a.subscribedTopicRegex === b.subscribedTopicRegex &&
    a.serverAssignorName === b.serverAssignorName &&
    sameClassic(a.classic, b.classic)
  )
}

/** True when a member's way to its target is the same: what its current assignment record holds. */
export function sameAssignment(a: ConsumerMember, b: ConsumerMember): boolean {
  return (
    a.memberEpoch === b.memberEpoch &&
    a.previousMemberEpoch === b.previousMemberEpoch &&
    a.state === b.state &&
    samePartitionEpochs(a.assignedPartitions, b.assignedPartitions) &&
    samePartitionEpochs(a.partitionsPendingRevocation, b.partitionsPendingRevocation)
  )
}

/** True when both sets hold the same names. */
export function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a === b || (a.size === b.size && [...a].every((name) => b.has(name)))
}

function sameClassic(a: ClassicMemberMetadata | null, b: ClassicMemberMetadata | null): boolean {
  if (a === b) return true
  if (a === null || b === null) return false
  return (
    a.sessionTimeoutMs === b.sessionTimeoutMs &&
    a.supportedProtocols.length === b.supportedProtocols.length &&
    a.supportedProtocols.every(({ name, metadata }, index) => {
      const other = b.supportedProtocols[index]!
      return name === other.name && Buffer.compare(metadata, other.metadata) === 0
    })
  )
}

import type { CoordinatorContext } from '../coordinator-context.ts'
import type { CoordinatorRecord, CoordinatorResult, LaterReply, TimerChange, TimerEvent } from '../result.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { type ConsumerMember, isReconciledTo, sameAssignment } from './consumer-member.ts'
import { currentAssignmentRecord } from './consumer-records.ts'
import { type OwnedPartitions, reconcile } from './current-assignment.ts'
import { subscribedTopicIds } from './subscriptions.ts'
import type { MemberTarget } from './target-assignment.ts'

/** One operation on a consumer group while it is worked out. The group is as it was; what changes it are the records. */
export class ConsumerStep {
  readonly group: ConsumerGroup
  readonly context: CoordinatorContext
  readonly #records: CoordinatorRecord[] = []
  readonly #replies: LaterReply[] = []
  readonly #timers: TimerChange[] = []

  constructor(group: ConsumerGroup, context: CoordinatorContext) {
    this.group = group
    this.context = context
  }

  append(...records: readonly CoordinatorRecord[]): void {
    this.#records.push(...records)
  }

  result<Response>(response: Response): CoordinatorResult<Response> {
    return { records: this.#records, response, replies: this.#replies, timers: this.#timers }
  }

  reply(reply: LaterReply): void {
    this.#replies.push(reply)
  }

  /** The member's session begins anew. */
  startSession(memberId: string, sessionTimeoutMs: number): void {
    const { groupId } = this.group
    this.#setTimer(consumerSessionKey(groupId, memberId), sessionTimeoutMs, {
      type: 'consumer-session',
      groupId,
      memberId,
    })
  }

  /** A classic member has to join again within its rebalance time-out, which is running when it was told before. */
  startJoinTimer({ memberId, rebalanceTimeoutMs }: ConsumerMember): void {
    const { groupId } = this.group
    const event = { type: 'consumer-join', groupId, memberId } as const
    this.#timers.push({ key: consumerJoinKey(groupId, memberId), delayMs: rebalanceTimeoutMs, event, ifAbsent: true })
  }

  /** A classic member that has joined has to ask for its assignment. */
  startSyncTimer(memberId: string, rebalanceTimeoutMs: number): void {
    const { groupId } = this.group
    const event = { type: 'consumer-sync', groupId, memberId } as const
    this.#setTimer(consumerSyncKey(groupId, memberId), rebalanceTimeoutMs, event)
  }

  /** Resolves the group's regular expressions, once this operation is done. */
  resolveRegexes(): void {
    const { groupId } = this.group
    const event = { type: 'resolve-regexes', groupId } as const
    this.#timers.push({ key: `regexes-${groupId}`, delayMs: 0, event, ifAbsent: true })
  }

  cancelTimer(key: string): void {
    this.#timers.push({ key, delayMs: 0, event: null })
  }

  /** Forgets everything that is timed about a member. */
  cancelTimersOf(memberId: string): void {
    const { groupId } = this.group
    for (const keyOf of [consumerSessionKey, consumerRebalanceKey, consumerJoinKey, consumerSyncKey])
      this.cancelTimer(keyOf(groupId, memberId))
  }

  /** Leads the member a step towards its target; undefined when it has to start anew. */
  reconcile(
    member: ConsumerMember,
    options: MemberTarget & { readonly hasSubscriptionChanged: boolean; readonly owned: OwnedPartitions | null },
  ): ConsumerMember | undefined {
    const { group } = this
    if (!options.hasSubscriptionChanged && isReconciledTo(member, options.epoch)) return member
    const next = reconcile(member, {
      targetEpoch: options.epoch,
      target: options.target,
      subscribedTopicIds: subscribedTopicIds(member, group.resolvedRegexes, this.context.topics),
      hasSubscriptionChanged: options.hasSubscriptionChanged,
      partitionEpoch: (topicId, partition) => group.partitionEpoch(topicId, partition),
      owned: options.owned,
    })
    if (next === undefined || sameAssignment(next, member)) return next
    this.append(currentAssignmentRecord(group.groupId, next))
    if (next.classic === null) this.watchRevocation(next)
    return next
  }

  /** A member has its rebalance time-out to give up partitions, counted anew with each epoch. */
  watchRevocation({ state, memberId, memberEpoch, rebalanceTimeoutMs }: ConsumerMember): void {
    const { groupId } = this.group
    const key = consumerRebalanceKey(groupId, memberId)
    if (state !== 'UNREVOKED_PARTITIONS') this.cancelTimer(key)
    else this.#setTimer(key, rebalanceTimeoutMs, { type: 'consumer-rebalance', groupId, memberId, memberEpoch })
  }

  #setTimer(key: string, delayMs: number, event: TimerEvent): void {
    this.#timers.push({ key, delayMs, event })
  }
}

/** Timer of a member's session. */
export function consumerSessionKey(groupId: string, memberId: string): string {
  return `session-${groupId}-${memberId}`
}

/** Timer of a member's revocation. */
export function consumerRebalanceKey(groupId: string, memberId: string): string {
  return `rebalance-${groupId}-${memberId}`
}

/** Timer of a classic member that has to join again. */
export function consumerJoinKey(groupId: string, memberId: string): string {
  return `join-${groupId}-${memberId}`
}

/** Timer of a classic member that has to ask for its assignment. */
export function consumerSyncKey(groupId: string, memberId: string): string {
  return `sync-${groupId}-${memberId}`
}

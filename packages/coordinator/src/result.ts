import type { ErrorName, Input } from '@odradek/protocol'
import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import type { JoinGroupResponse, SyncGroupResponse } from '@odradek/protocol/messages'
import type { ClassicGroup } from './classic/classic-group.ts'

/**
 * What the join phase of a classic group changes without writing it down: Kafka has no record for it, and a coordinator that loads
 * the group starts from the last finished rebalance. It is replayed like a record, after those that are appended.
 */
export interface ClassicGroupStep {
  readonly type: 'ClassicGroupStep'
  readonly group: ClassicGroup
}

/** The group epoch takes topics of this version into account. Not written down: whoever loads the group looks again. */
export interface ConsumerGroupChecked {
  readonly type: 'ConsumerGroupChecked'
  readonly groupId: string
  readonly topicsVersion: number
}

/** A step that is replayed but not written down. */
export type VolatileRecord = ClassicGroupStep | ConsumerGroupChecked

/** What changes a coordinator's state: records of `__consumer_offsets`, and the steps that are not written there. */
export type CoordinatorRecord = GroupRecord | VolatileRecord

/** True for what is written to `__consumer_offsets`. */
export function isWritten(record: CoordinatorRecord): record is GroupRecord {
  return record.type !== 'ClassicGroupStep' && record.type !== 'ConsumerGroupChecked'
}

/** Names a request that is answered later; given by whoever calls the coordinator. */
export type ReplyId = number

/** The answer to a JoinGroup or SyncGroup that had to wait for other members. */
export type LaterReply =
  | { readonly type: 'join'; readonly id: ReplyId; readonly response: Input<JoinGroupResponse> }
  | { readonly type: 'sync'; readonly id: ReplyId; readonly response: Input<SyncGroupResponse> }

/** What a timer means when it fires. */
export type TimerEvent =
  /** A classic member was not heard of for its session time-out. */
  | { readonly type: 'classic-session'; readonly groupId: string; readonly memberId: string }
  /** The members of a classic group had `rebalance.timeout.ms` to join. */
  | { readonly type: 'classic-join'; readonly groupId: string }
  /** `group.initial.rebalance.delay.ms` passed; `remainingMs` may still be waited while new members come. */
  | {
      readonly type: 'classic-initial-join'
      readonly groupId: string
      readonly delayMs: number
      readonly remainingMs: number
    }
  /** The members of a classic group had `rebalance.timeout.ms` to ask for their assignment. */
  | { readonly type: 'classic-sync'; readonly groupId: string; readonly generationId: number }
  /** A member of a consumer group was not heard of for its session time-out. */
  | { readonly type: 'consumer-session'; readonly groupId: string; readonly memberId: string }
  /** A member of a consumer group had its rebalance time-out to give up partitions. */
  | {
      readonly type: 'consumer-rebalance'
      readonly groupId: string
      readonly memberId: string
      readonly memberEpoch: number
    }
  /** A classic member of a consumer group had its rebalance time-out to join again. */
  | { readonly type: 'consumer-join'; readonly groupId: string; readonly memberId: string }
  /** A classic member of a consumer group had its rebalance time-out to ask for its assignment. */
  | { readonly type: 'consumer-sync'; readonly groupId: string; readonly memberId: string }
  /** The regular expressions of a consumer group are to be resolved. */
  | { readonly type: 'resolve-regexes'; readonly groupId: string }
  /** `offsets.retention.check.interval.ms` passed. */
  | { readonly type: 'expire-offsets' }

/** A timer to set (replacing the one of that key) or, without an event, to forget. */
export interface TimerChange {
  readonly key: string
  readonly delayMs: number
  /** Null forgets the timer. */
  readonly event: TimerEvent | null
  /** Leaves a timer of that key running as it is. */
  readonly ifAbsent?: boolean
}

/** Stands for a response that comes as a `LaterReply`. */
export const later = 'later'

/**
 * What an operation answers. It changed nothing: its records have to be appended and replayed, its timers set, and nothing is
 * answered before its records (and those of earlier operations, which it may have seen) are committed.
 */
export interface CoordinatorResult<Response> {
  readonly records: readonly CoordinatorRecord[]
  readonly response: Response | typeof later
  readonly replies: readonly LaterReply[]
  readonly timers: readonly TimerChange[]
  /** The records may be written in several batches: each means something by itself. All others are written together or not at all. */
  readonly isSplittable?: boolean
  /** What happens instead when the log refuses the records; without it the request is answered with that error. */
  readonly refused?: (error: ErrorName) => CoordinatorResult<Response>
}

/** A result that is nothing but its response. */
export function answer<Response>(response: Response): CoordinatorResult<Response> {
  return { records: [], response, replies: [], timers: [] }
}

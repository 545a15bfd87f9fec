import type { ClientEvents, KafkaErrorCode } from '@odradek/client'
import type { OffsetAndMetadata, PartitionMap, TopicPartition } from './topic-partition.ts'

/** What a consumer does, told on its hooks beside what its connections do. Durations are milliseconds. */
export interface ConsumerEvents extends ClientEvents {
  /** The group took this member in. `memberId` may still be without a generation. */
  readonly memberJoined: {
    readonly groupId: string
    readonly memberId: string
    readonly protocol: 'classic' | 'consumer'
  }
  /** This member is in a generation (classic) or member epoch (consumer) of the group. */
  readonly generation: {
    readonly groupId: string
    readonly memberId: string
    readonly generationId: number
    readonly assignor: string | null
    readonly isLeader: boolean
  }
  readonly rebalanceStarted: { readonly groupId: string; readonly cause: string }
  readonly partitionsAssigned: { readonly partitions: readonly TopicPartition[] }
  readonly partitionsRevoked: { readonly partitions: readonly TopicPartition[] }
  readonly partitionsLost: { readonly partitions: readonly TopicPartition[] }
  readonly committed: {
    readonly offsets: PartitionMap<OffsetAndMetadata>
    readonly latencyMs: number
    readonly isAuto: boolean
  }
  readonly commitFailed: {
    readonly offsets: PartitionMap<OffsetAndMetadata>
    readonly error: KafkaErrorCode
    readonly reason: string
    readonly isAuto: boolean
  }
  readonly heartbeat: { readonly groupId: string; readonly latencyMs: number; readonly error: KafkaErrorCode | null }
  /** `max.poll.interval.ms` is over without a `poll`, so this member left its group until the next. */
  readonly pollIntervalExceeded: { readonly groupId: string; readonly sinceMs: number }
  readonly fetchSent: {
    readonly nodeId: number
    readonly sessionId: number
    readonly sessionEpoch: number
    readonly partitions: number
  }
  readonly fetchReceived: {
    readonly nodeId: number
    readonly partitions: number
    readonly bytes: number
    readonly latencyMs: number
    readonly throttleTimeMs: number
    /** Null when it was answered; else why it was not, or the error the whole answer has. */
    readonly error: KafkaErrorCode | null
  }
  /** A partition begins, or goes on, at another offset than the one it had. */
  readonly positionReset: TopicPartition & {
    readonly offset: number
    readonly reason: 'committed' | 'earliest' | 'latest' | 'by_duration' | 'truncated' | 'seek'
  }
  /** `poll` returned records of a partition; `lag` is how many were left behind them, -1 when it is not known. */
  readonly recordsReturned: TopicPartition & {
    readonly records: number
    /** Of keys and values, uncompressed. */
    readonly bytes: number
    readonly baseOffset: number
    readonly nextOffset: number
    readonly lag: number
    readonly lead: number
  }
  /** Nothing goes on, for `sinceMs`, because of `waitsFor`. Told again while it lasts. */
  readonly stalled: { readonly waitsFor: string; readonly sinceMs: number }
}

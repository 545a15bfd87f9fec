import type { Clock, Hooks } from '@odradek/runtime'
import type { ConsumerEvents } from '../../consumer-events.ts'
import type { TopicPartition } from '../../topic-partition.ts'
import type { RecordSource } from '../record-source.ts'

/** What `run` stands on: it takes records faster than they are worked on, and has to hear when partitions go. */
export interface RunSource<Key, Value> extends RecordSource<Key, Value> {
  readonly clock: Clock
  readonly hooks: Hooks<ConsumerEvents>
  readonly retryBackoffMs: number
  readonly maxPollIntervalMs: number
  readonly maxPollRecords: number
  isPaused(partition: TopicPartition): boolean
  pause(partition: TopicPartition): void
  resume(partition: TopicPartition): void
  /** Awaited before partitions are given up, and before what was processed of them is committed; undefined ends that. */
  beforeRevocation(drain: ((partitions: readonly TopicPartition[]) => Promise<void>) | undefined): void
}

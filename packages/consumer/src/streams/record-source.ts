import type { ConsumerRecords } from '../consumer-records.ts'
import type { PollOptions } from '../poll-loop.ts'
import type { TopicPartition } from '../topic-partition.ts'

/** How far the application is with a partition. */
export interface Progress extends TopicPartition {
  /** The next offset it has not been given or is not done with. */
  readonly offset: number
  readonly leaderEpoch: number | null
}

/** What the ways to read above `poll` stand on: a poll that leaves to them what counts as processed. */
export interface RecordSource<Key, Value> {
  /** Whether the consumer was closed, or is being closed. */
  readonly isClosed: boolean
  /** Like `poll`, but says nothing of what was returned before. @throws KafkaError */
  next(options: PollOptions): Promise<ConsumerRecords<Key, Value>>
  /** The application is done with everything before this offset, which may be committed. */
  processed(progress: Progress): void
  /** Whom to ask for progress that was not told yet, before offsets are committed by themselves; one at a time. */
  reportBy(report: (() => void) | undefined): void
  /** What was returned from this offset on was not taken, and is to be returned again. */
  giveBack(progress: Progress): void
}

/** How long one poll waits below a loop that has no end; a signal, records and a close end it sooner. */
export const loopPollMs = 60_000

import type { TopicPartition } from './topic-partition.ts'

/** Told when partitions come and go, within `poll` and awaited by it. Kafka: `ConsumerRebalanceListener`. */
export interface RebalanceListener {
  /** Partitions that are new to this consumer; with eager assignors all that it has. */
  onPartitionsAssigned?(partitions: readonly TopicPartition[]): void | Promise<void>
  /** Partitions that are about to be taken away; what was read of them can still be committed. */
  onPartitionsRevoked?(partitions: readonly TopicPartition[]): void | Promise<void>
  /** Partitions that are others' already, so that nothing can be committed. `onPartitionsRevoked` is called where this is left out. */
  onPartitionsLost?(partitions: readonly TopicPartition[]): void | Promise<void>
}

import type { ConsumerRecord } from './consumer-record.ts'
import type { OffsetAndMetadata, PartitionMap, TopicPartition } from './topic-partition.ts'

/** Records of one partition that follow each other. */
export interface PartitionRecords<Key, Value> extends TopicPartition {
  /** Not empty, by offset. */
  readonly records: readonly ConsumerRecord<Key, Value>[]
  /** Where the partition goes on: what to commit when all are processed. */
  readonly next: OffsetAndMetadata
}

/** What one `poll` returned: records by partition, in the order of their offsets. Kafka: `ConsumerRecords`. */
export class ConsumerRecords<Key = Uint8Array, Value = Uint8Array> implements Iterable<ConsumerRecord<Key, Value>> {
  readonly #batches: readonly PartitionRecords<Key, Value>[]
  /** How many records there are in all. */
  readonly count: number
  /** The positions of all partitions that moved, also by no record: control batches, aborted and compacted records. */
  readonly nextOffsets: PartitionMap<OffsetAndMetadata>

  constructor(batches: readonly PartitionRecords<Key, Value>[], nextOffsets: PartitionMap<OffsetAndMetadata>) {
    this.#batches = batches
    this.nextOffsets = nextOffsets
    let count = 0
    for (const { records } of batches) count += records.length
    this.count = count
  }

  get isEmpty(): boolean {
    return this.count === 0
  }

  /** The partitions that there are records of. */
  get partitions(): readonly TopicPartition[] {
    return this.#batches.map(({ topic, partition }) => ({ topic, partition }))
  }

  /** The records of each partition. */
  batches(): readonly PartitionRecords<Key, Value>[] {
    return this.#batches
  }

  /** The records of a topic, or of one of its partitions. */
  records(topic: string, partition?: number): readonly ConsumerRecord<Key, Value>[] {
    const found = this.#batches.filter(
      (batch) => batch.topic === topic && (partition === undefined || batch.partition === partition),
    )
    return found.length === 1 ? found[0]!.records : found.flatMap(({ records }) => records)
  }

  *[Symbol.iterator](): Generator<ConsumerRecord<Key, Value>, undefined> {
    for (const { records } of this.#batches) yield* records
  }
}

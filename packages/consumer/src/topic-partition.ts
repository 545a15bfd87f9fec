/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** An offset to commit: the next one to read. */
export interface OffsetAndMetadata {
  readonly offset: number
  /** Leader epoch of the record before it, for finding lost logs; null when it is not known. */
  readonly leaderEpoch: number | null
  /** Any text, kept with the offset. */
  readonly metadata: string
}

/** An offset of a partition. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number
  readonly leaderEpoch?: number | null | undefined
  readonly metadata?: string | undefined
}

/** An offset found by a timestamp. */
export interface OffsetAndTimestamp {
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number | null
}

/** `topic-partition`, as Kafka prints it: the key of a partition in a Map. */
export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** Rows by topic, topics in the order in which they come first. */
export function groupByTopic<Row>(rows: Iterable<Row>, topicOf: (row: Row) => string): Map<string, Row[]> {
  const topics = new Map<string, Row[]>()
  for (const row of rows) {
    const topic = topicOf(row)
    const known = topics.get(topic)
    if (known === undefined) topics.set(topic, [row])
    else known.push(row)
  }
  return topics
}

/** Values by partition: what several calls of the consumer answer with. Partitions are equal when topic and number are. */
export class PartitionMap<Value> implements Iterable<readonly [TopicPartition, Value]> {
  readonly #entries = new Map<string, readonly [TopicPartition, Value]>()

  constructor(entries: Iterable<readonly [TopicPartition, Value]> = []) {
    for (const [partition, value] of entries) this.set(partition, value)
  }

  get size(): number {
    return this.#entries.size
  }

  get(partition: TopicPartition): Value | undefined {
    return this.#entries.get(partitionKey(partition))?.[1]
  }

  has(partition: TopicPartition): boolean {
    return this.#entries.has(partitionKey(partition))
  }

  set({ topic, partition }: TopicPartition, value: Value): this {
    this.#entries.set(partitionKey({ topic, partition }), [{ topic, partition }, value])
    return this
  }

  delete(partition: TopicPartition): boolean {
    return this.#entries.delete(partitionKey(partition))
  }

  *keys(): Generator<TopicPartition, undefined> {
    for (const [partition] of this.#entries.values()) yield partition
  }

  *values(): Generator<Value, undefined> {
    for (const [, value] of this.#entries.values()) yield value
  }

  [Symbol.iterator](): MapIterator<readonly [TopicPartition, Value]> {
    return this.#entries.values()
  }
}

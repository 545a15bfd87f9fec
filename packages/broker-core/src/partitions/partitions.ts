import type { ErrorName } from '@odradek/protocol'
import type { MetadataImage } from '@odradek/quorum'
import type { Partition } from './partition.ts'

/** Why a partition cannot be used here. */
export interface PartitionNotFound {
  readonly error: ErrorName
  readonly message: null
}

/** The partitions that have a replica on this broker, by topic id. */
export class Partitions {
  readonly #byTopicId = new Map<string, Map<number, Partition>>()
  readonly #image: () => MetadataImage

  constructor(image: () => MetadataImage) {
    this.#image = image
  }

  /** By the id of newer protocol versions; UNKNOWN_TOPIC_ID when no topic has it. */
  findById(topicId: string, index: number): Partition | PartitionNotFound {
    const partition = this.#byTopicId.get(topicId)?.get(index)
    if (partition !== undefined) return partition
    const topic = this.#image().topics.byId(topicId)
    if (topic === undefined) return { error: 'UNKNOWN_TOPIC_ID', message: null }
    return this.#notHere(topic.partitions.has(index))
  }

  /** By the name of older protocol versions; UNKNOWN_TOPIC_OR_PARTITION when no topic has it. */
  findByName(topic: string, index: number): Partition | PartitionNotFound {
    const image = this.#image().topics.byName(topic)
    if (image === undefined) return { error: 'UNKNOWN_TOPIC_OR_PARTITION', message: null }
    return this.#byTopicId.get(image.topicId)?.get(index) ?? this.#notHere(image.partitions.has(index))
  }

  get(topicId: string, index: number): Partition | undefined {
    return this.#byTopicId.get(topicId)?.get(index)
  }

  add(partition: Partition): void {
    const partitions = this.#byTopicId.get(partition.topicId)
    if (partitions === undefined) this.#byTopicId.set(partition.topicId, new Map([[partition.index, partition]]))
    else partitions.set(partition.index, partition)
  }

  /** Forgets a topic and returns the partitions it had here. */
  removeTopic(topicId: string): readonly Partition[] {
    const partitions = [...(this.#byTopicId.get(topicId)?.values() ?? [])]
    this.#byTopicId.delete(topicId)
    return partitions
  }

  *all(): Generator<Partition> {
    for (const partitions of this.#byTopicId.values()) yield* partitions.values()
  }

  /** The cluster has the partition, another broker has its replicas; or nobody has it. */
  #notHere(exists: boolean): PartitionNotFound {
    return { error: exists ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION', message: null }
  }
}

import type { PartitionChangeRecord, PartitionRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import type { RecordVersions } from '../metadata-version.ts'

/** A partition as the controller decided it. Never changed in place: a change makes a new one. */
export type PartitionRegistration = Readonly<Omit<PartitionRecord, 'topicId' | 'unknownTaggedFields'>>

/** A topic with its partitions, as the committed metadata has it. */
export interface TopicImage {
  readonly name: string
  readonly topicId: string
  /** By partition id. */
  readonly partitions: ReadonlyMap<number, PartitionRegistration>
}

/** `leader` of a PartitionChangeRecord that keeps the leader. */
const noLeaderChange = -2
/** `leaderRecoveryState` of a PartitionChangeRecord that keeps the state. */
const noRecoveryChange = -1

/** Topics by name and by id, with their partitions. */
export class TopicsImage {
  readonly #byId = new Map<string, TopicImage & { readonly partitions: Map<number, PartitionRegistration> }>()
  readonly #idByName = new Map<string, string>()

  byName(name: string): TopicImage | undefined {
    const id = this.#idByName.get(name)
    return id === undefined ? undefined : this.#byId.get(id)
  }

  byId(topicId: string): TopicImage | undefined {
    return this.#byId.get(topicId)
  }

  /** All topics, in the order they were made. */
  all(): IterableIterator<TopicImage> {
    return this.#byId.values()
  }

  get size(): number {
    return this.#byId.size
  }

  createTopic(name: string, topicId: string): void {
    this.#byId.set(topicId, { name, topicId, partitions: new Map() })
    this.#idByName.set(name, topicId)
  }

  /** Returns what was removed. */
  removeTopic(topicId: string): TopicImage | undefined {
    const topic = this.#byId.get(topicId)
    if (topic === undefined) return undefined
    this.#byId.delete(topicId)
    this.#idByName.delete(topic.name)
    return topic
  }

  setPartition(record: PartitionRecord): void {
    const { topicId, unknownTaggedFields: _, ...partition } = record
    this.#topic(topicId).partitions.set(record.partitionId, partition)
  }

  changePartition(record: PartitionChangeRecord): void {
    const { partitions, name } = this.#topic(record.topicId)
    const partition = partitions.get(record.partitionId)
    if (partition === undefined) {
      throw new Error(`metadata log: PartitionChangeRecord for ${name}-${record.partitionId}, which no record made`)
    }
    partitions.set(record.partitionId, changed(partition, record))
  }

  /** Forgets the eligible leader replicas of a topic, or of all topics when `topicName` is empty (ClearElrRecord). */
  clearEligibleLeaderReplicas(topicName: string): void {
    for (const topic of this.#byId.values()) {
      if (topicName !== '' && topic.name !== topicName) continue
      for (const [id, partition] of topic.partitions) {
        topic.partitions.set(id, { ...partition, eligibleLeaderReplicas: null, lastKnownElr: null })
      }
    }
  }

  *records(versions: RecordVersions): Iterable<MetadataRecord> {
    for (const { name, topicId, partitions } of this.#byId.values()) {
      yield { type: 'TopicRecord', version: 0, record: { name, topicId } }
      for (const partition of partitions.values()) {
        yield { type: 'PartitionRecord', version: versions.partition, record: { ...partition, topicId } }
      }
    }
  }

  #topic(topicId: string): { readonly name: string; readonly partitions: Map<number, PartitionRegistration> } {
    const topic = this.#byId.get(topicId)
    if (topic === undefined)
      throw new Error(`metadata log: a partition record names topic ${topicId}, which no record made`)
    return topic
  }
}

/** A new leader begins a new leader epoch; every change begins a new partition epoch (PartitionRegistration.merge in Kafka). */
function changed(partition: PartitionRegistration, change: PartitionChangeRecord): PartitionRegistration {
  const leads = change.leader !== noLeaderChange
  return {
    ...partition,
    isr: change.isr ?? partition.isr,
    replicas: change.replicas ?? partition.replicas,
    removingReplicas: change.removingReplicas ?? partition.removingReplicas,
    addingReplicas: change.addingReplicas ?? partition.addingReplicas,
    directories: change.directories ?? partition.directories,
    eligibleLeaderReplicas: change.eligibleLeaderReplicas ?? partition.eligibleLeaderReplicas,
    lastKnownElr: change.lastKnownElr ?? partition.lastKnownElr,
    leader: leads ? change.leader : partition.leader,
    leaderEpoch: leads ? partition.leaderEpoch + 1 : partition.leaderEpoch,
    leaderRecoveryState:
      change.leaderRecoveryState === noRecoveryChange ? partition.leaderRecoveryState : change.leaderRecoveryState,
    partitionEpoch: partition.partitionEpoch + 1,
  }
}

import { zeroUuid } from '@odradek/protocol'
import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import type { OffsetCommitValue } from '@odradek/protocol/messages'

/** What a group has committed for a partition. (Kafka: `OffsetAndMetadata`.) */
export interface CommittedOffset {
  readonly offset: number
  /** -1 when the client did not say. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: number
  /** -1 where the retention of the broker decides. */
  readonly expireTimestampMs: number
  /** The zero id in records of older versions. */
  readonly topicId: string
  /** Offset of the record that says it; of two commits the later one holds, also when the earlier takes effect later. */
  readonly recordOffset: number
}

type ByPartition = Map<number, CommittedOffset>

/** The committed offsets of the groups of one `__consumer_offsets` partition. */
export class CommittedOffsets {
  readonly #groups = new Map<string, Map<string, ByPartition>>()

  get(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(groupId)?.get(topic)?.get(partition)
  }

  /** By topic and partition; undefined when the group has committed nothing. */
  ofGroup(groupId: string): ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>> | undefined {
    return this.#groups.get(groupId)
  }

  /** Ids of groups that have committed something. */
  groupIds(): IterableIterator<string> {
    return this.#groups.keys()
  }

  set(key: OffsetKey, offset: CommittedOffset): void {
    const topics = this.#groups.get(key.group) ?? new Map<string, ByPartition>()
    const partitions = topics.get(key.topic) ?? new Map<number, CommittedOffset>()
    partitions.set(key.partition, offset)
    topics.set(key.topic, partitions)
    this.#groups.set(key.group, topics)
  }

  delete({ group, topic, partition }: OffsetKey): void {
    const topics = this.#groups.get(group)
    const partitions = topics?.get(topic)
    if (topics === undefined || partitions === undefined) return
    partitions.delete(partition)
    if (partitions.size === 0) topics.delete(topic)
    if (topics.size === 0) this.#groups.delete(group)
  }
}

/** Whose offset, and of which partition. */
export interface OffsetKey {
  readonly group: string
  readonly topic: string
  readonly partition: number
}

/** The record of a commit: version 1 where the client chose how long it is kept, else 4, as Kafka 4.4 writes them. */
export function offsetCommitRecord(key: OffsetKey, committed: Omit<CommittedOffset, 'recordOffset'>): GroupRecord {
  const { offset, metadata, commitTimestampMs: commitTimestamp, expireTimestampMs: expireTimestamp } = committed
  const value = { offset, metadata, commitTimestamp, expireTimestamp }
  if (expireTimestamp !== -1) {
    return {
      type: 'OffsetCommit',
      key: { ...key },
      version: 1,
      value: { ...value, leaderEpoch: -1, topicId: zeroUuid },
    }
  }
  const { leaderEpoch, topicId } = committed
  return { type: 'OffsetCommit', key: { ...key }, version: 4, value: { ...value, leaderEpoch, topicId } }
}

/** The tombstone of a commit. */
export function offsetCommitTombstone(key: OffsetKey): GroupRecord {
  return { type: 'OffsetCommit', key: { ...key }, version: -1, value: null }
}

/** What a record says was committed. */
export function committedOffsetFrom(value: OffsetCommitValue, recordOffset: number): CommittedOffset {
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: value.commitTimestamp,
    expireTimestampMs: value.expireTimestamp,
    topicId: value.topicId,
    recordOffset,
  }
}

/** True when an offset was committed for another topic of the same name, one that was deleted since. */
export function isOfOtherTopic(committed: CommittedOffset, topicId: string): boolean {
  return committed.topicId !== zeroUuid && topicId !== zeroUuid && committed.topicId !== topicId
}

import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import { type ClassicGroup, emptyClassicGroup } from './classic/classic-group.ts'
import { groupFromRecord } from './classic/group-metadata-record.ts'
import { ConsumerGroup } from './consumer/consumer-group.ts'
import { replayConsumerRecord } from './consumer/replay-consumer-record.ts'
import { type GroupError, groupError } from './group-error.ts'
import { CommittedOffsets, committedOffsetFrom } from './offsets/committed-offsets.ts'
import { TransactionalOffsets } from './offsets/transactional-offsets.ts'
import type { CoordinatorRecord } from './result.ts'

/** A group of either protocol. */
export type Group = ClassicGroup | ConsumerGroup

/** Where a record stands. */
export interface ReplayPlace {
  /** Dates a group that comes into being with its first commit. */
  readonly now: number
  /** The record's offset in the log. */
  readonly offset: number
  /** The producer of a record that is part of a transaction; left out for all others. */
  readonly producerId?: number
}

/**
 * The groups and offsets of one partition of `__consumer_offsets`: what its records say, and the join phases that go on. `replay`
 * is the only writer, for a record that was just appended and for one that is loaded.
 */
export class GroupCoordinatorState {
  readonly offsets = new CommittedOffsets()
  readonly transactionalOffsets = new TransactionalOffsets()
  readonly #groups = new Map<string, Group>()

  /** Undefined for a group that does not exist ("dead"). */
  group(groupId: string): Group | undefined {
    return this.#groups.get(groupId)
  }

  /** A consumer group, or why there is none of that id. */
  consumerGroup(groupId: string): ConsumerGroup | GroupError {
    const group = this.#groups.get(groupId)
    if (group?.type === 'consumer') return group
    const message = group === undefined ? `Group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`
    return groupError('GROUP_ID_NOT_FOUND', message)
  }

  groups(): IterableIterator<Group> {
    return this.#groups.values()
  }

  replay(record: CoordinatorRecord, place: ReplayPlace): void {
    switch (record.type) {
      case 'ClassicGroupStep':
        this.#groups.set(record.group.groupId, record.group)
        break
      case 'ConsumerGroupChecked': {
        const group = this.#groups.get(record.groupId)
        if (group?.type === 'consumer') group.topicsVersion = record.topicsVersion
        break
      }
      case 'GroupMetadata':
        if (record.value === null) this.#groups.delete(record.key.group)
        else this.#groups.set(record.key.group, groupFromRecord(record.key, record.value))
        break
      case 'OffsetCommit':
        this.#replayOffset(record, place)
        break
      default:
        this.#replayConsumer(record)
    }
  }

  /** The transaction of a producer has ended: what it committed counts, unless a later commit does, or is forgotten. */
  replayEndOfTransaction(producerId: number, result: 'COMMIT' | 'ABORT'): void {
    for (const { key, committed } of this.transactionalOffsets.end(producerId)) {
      if (result === 'ABORT') continue
      const known = this.offsets.get(key.group, key.topic, key.partition)
      if (known === undefined || committed.recordOffset > known.recordOffset) this.offsets.set(key, committed)
    }
  }

  #replayOffset(record: Extract<GroupRecord, { type: 'OffsetCommit' }>, place: ReplayPlace): void {
    const { key, value } = record
    if (value === null) {
      this.offsets.delete(key)
      this.transactionalOffsets.delete(key)
      return
    }
    if (!this.#groups.has(key.group)) this.#groups.set(key.group, emptyClassicGroup(key.group, place.now))
    const committed = committedOffsetFrom(value, place.offset)
    if (place.producerId === undefined) this.offsets.set(key, committed)
    else this.transactionalOffsets.add(place.producerId, { key, committed })
  }

  /** A record of a consumer group makes the group, also in place of one that was only known by its offsets. */
  #replayConsumer(record: GroupRecord): void {
    if (!('groupId' in record.key) || !record.type.startsWith('ConsumerGroup')) return
    const { groupId } = record.key
    const known = this.#groups.get(groupId)
    if (record.value === null) {
      if (known?.type !== 'consumer') return
      if (record.type === 'ConsumerGroupMetadata') this.#groups.delete(groupId)
      else replayConsumerRecord(known, record)
      return
    }
    const group = known?.type === 'consumer' ? known : new ConsumerGroup(groupId)
    this.#groups.set(groupId, group)
    replayConsumerRecord(group, record)
  }
}

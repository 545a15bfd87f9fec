import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import { type ClassicGroup, emptyClassicGroup } from './classic/classic-group.ts'
import { groupFromRecord } from './classic/group-metadata-record.ts'
import { ConsumerGroup } from './consumer/consumer-group.ts'
import { replayConsumerRecord } from './consumer/replay-consumer-record.ts'
import { type GroupError, groupError } from './group-error.ts'
import { CommittedOffsets, committedOffsetFrom } from './offsets/committed-offsets.ts'
import type { CoordinatorRecord } from './result.ts'

/** A group of either protocol. */
export type Group = ClassicGroup | ConsumerGroup

/**
 * The groups and offsets of one partition of `__consumer_offsets`: what its records say, and the join phases that go on. `replay`
 * is the only writer, for a record that was just appended and for one that is loaded.
 */
export class GroupCoordinatorState {
  readonly offsets = new CommittedOffsets()
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

  /** `now` dates a group that comes into being with its first commit. */
  replay(record: CoordinatorRecord, now: number): void {
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
        this.#replayOffset(record, now)
        break
      default:
        this.#replayConsumer(record)
    }
  }

  #replayOffset(record: Extract<GroupRecord, { type: 'OffsetCommit' }>, now: number): void {
    if (record.value === null) {
      this.offsets.delete(record.key)
      return
    }
    const { group } = record.key
    if (!this.#groups.has(group)) this.#groups.set(group, emptyClassicGroup(group, now))
    this.offsets.set(record.key, committedOffsetFrom(record.value))
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

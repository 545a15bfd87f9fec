import { type ClassicGroup, emptyClassicGroup } from './classic/classic-group.ts'
import { groupFromRecord } from './classic/group-metadata-record.ts'
import { CommittedOffsets, committedOffsetFrom } from './offsets/committed-offsets.ts'
import type { CoordinatorRecord } from './result.ts'

/**
 * The groups and offsets of one partition of `__consumer_offsets`: what its records say, and the join phases that go on. `replay`
 * is the only writer, for a record that was just appended and for one that is loaded.
 */
export class GroupCoordinatorState {
  readonly offsets = new CommittedOffsets()
  readonly #groups = new Map<string, ClassicGroup>()

  /** Undefined for a group that does not exist ("dead"). */
  group(groupId: string): ClassicGroup | undefined {
    return this.#groups.get(groupId)
  }

  groups(): IterableIterator<ClassicGroup> {
    return this.#groups.values()
  }

  /** `now` dates a group that comes into being with its first commit. */
  replay(record: CoordinatorRecord, now: number): void {
    switch (record.type) {
      case 'ClassicGroupStep':
        this.#groups.set(record.group.groupId, record.group)
        break
      case 'GroupMetadata':
        if (record.value === null) this.#groups.delete(record.key.group)
        else this.#groups.set(record.key.group, groupFromRecord(record.key, record.value))
        break
      case 'OffsetCommit':
        if (record.value === null) {
          this.offsets.delete(record.key)
          break
        }
        if (!this.#groups.has(record.key.group)) {
          this.#groups.set(record.key.group, emptyClassicGroup(record.key.group, now))
        }
        this.offsets.set(record.key, committedOffsetFrom(record.value))
        break
      default:
        break
    }
  }
}

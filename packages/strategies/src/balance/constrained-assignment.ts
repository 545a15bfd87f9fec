/**
 * The balanced and sticky assignment of a group in which every member subscribes to the same topics. Then each member may have any partition, and the
 * best balance is known beforehand: everyone gets `minQuota`, and `overMinTarget` members get one more.
 *
 * 1. Members keep what they own, up to their quota. With racks, only what is near.
 * 2. With racks, partitions go to members near a replica, as far as quotas allow.
 * 3. What is left is dealt in turn to those below `minQuota`, then to those at it.
 *
 * Without racks no partition moves that could have stayed. Kafka: `AbstractStickyAssignor.ConstrainedAssignmentBuilder` and, on the
 * coordinator, `UniformHomogeneousAssignmentBuilder`, which hands out the extra partitions without regard to who has one.
 */
import type { NumberedGroup, RackMap } from './numbered-group.ts'

/** The partitions of each member, by number. `group` must have at least one member. */
export function assignConstrained(group: NumberedGroup): number[][] {
  return new ConstrainedAssignment(group).build()
}

class ConstrainedAssignment {
  readonly #group: NumberedGroup
  readonly #assigned: number[][]
  readonly #minQuota: number
  /** How many members are to get `minQuota + 1`. */
  readonly #overMinTarget: number
  #overMin = 0
  /** Members that have less than `minQuota`. */
  readonly #underMin: number[] = []
  /** Members that have `minQuota` and may get one more. */
  #atMin: number[] = []

  constructor(group: NumberedGroup) {
    this.#group = group
    this.#assigned = Array.from({ length: group.memberCount }, () => [])
    this.#minQuota = Math.floor(group.topicOf.length / group.memberCount)
    this.#overMinTarget = group.topicOf.length % group.memberCount
  }

  build(): number[][] {
    this.#keepOwned()
    let unassigned = this.#unassigned()
    const { racks } = this.#group
    if (racks !== null) unassigned = this.#assignNear(racks.sortByChoice(unassigned), racks)
    this.#assignInTurn(unassigned)
    return this.#assigned
  }

  #keepOwned(): void {
    const { owned, racks, topicOf, firstPartition } = this.#group
    const number = (partition: number): number => partition - firstPartition[topicOf[partition]!]!
    owned.forEach((partitions, member) => {
      // By partition number first: a member that has to give some up keeps its share of every topic.
      const near = partitions
        .filter((partition) => racks === null || !racks.isFar(member, partition))
        .sort((a, b) => number(a) - number(b) || a - b)
      let quota = this.#minQuota
      if (near.length > quota && this.#overMin < this.#overMinTarget) {
        quota++
        this.#overMin++
      } else if (near.length >= quota) this.#atMin.push(member)
      else this.#underMin.push(member)
      this.#assigned[member]!.push(...near.slice(0, quota))
    })
    if (this.#overMin === this.#overMinTarget) this.#atMin = []
  }

  #unassigned(): number[] {
    const kept = new Uint8Array(this.#group.topicOf.length)
    for (const partitions of this.#assigned) for (const partition of partitions) kept[partition] = 1
    const unassigned: number[] = []
    for (let partition = 0; partition < kept.length; partition++) if (kept[partition] === 0) unassigned.push(partition)
    return unassigned
  }

  /** Returns the partitions for which no member near them had room. */
  #assignNear(partitions: readonly number[], racks: RackMap): number[] {
    const rest: number[] = []
    let turn = 0
    for (const partition of partitions) {
      const place = findNear(this.#underMin, { racks, partition, from: turn })
      if (place >= 0) {
        turn = this.#giveToUnderMin(partition, place)
        continue
      }
      const spare = findNear(this.#atMin, { racks, partition, from: 0 })
      if (spare >= 0) this.#giveToAtMin(partition, spare)
      else rest.push(partition)
    }
    return rest
  }

  #assignInTurn(partitions: readonly number[]): void {
    let turn = 0
    for (const partition of partitions) {
      if (this.#underMin.length > 0) turn = this.#giveToUnderMin(partition, turn)
      else this.#giveToAtMin(partition, 0)
    }
  }

  /** Returns whose turn is next, an index into `#underMin`. */
  #giveToUnderMin(partition: number, place: number): number {
    const member = this.#underMin[place]!
    let next = place + 1
    if (this.#assigned[member]!.push(partition) === this.#minQuota) {
      this.#underMin.splice(place, 1)
      if (this.#overMin < this.#overMinTarget) this.#atMin.push(member)
      next = place
    }
    return next < this.#underMin.length ? next : 0
  }

  #giveToAtMin(partition: number, place: number): void {
    const [member] = this.#atMin.splice(place, 1)
    this.#assigned[member!]!.push(partition)
    if (++this.#overMin === this.#overMinTarget) this.#atMin = []
  }
}

interface NearSearch {
  racks: RackMap
  partition: number
  from: number
}

/** The first place at or after `from`, going round, of a member near the partition; -1 if there is none. */
function findNear(members: readonly number[], { racks, partition, from }: NearSearch): number {
  for (let step = 0; step < members.length; step++) {
    const place = (from + step) % members.length
    if (racks.isNear(members[place]!, partition)) return place
  }
  return -1
}

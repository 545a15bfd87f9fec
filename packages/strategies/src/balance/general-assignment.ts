/**
 * The balanced and sticky assignment of a group whose members subscribe to different topics. Then a perfect balance may not exist, and it is approached
 * by moves that each make it better:
 *
 * 1. Members keep what they own and still subscribe to. With racks, only what is near.
 * 2. Every other partition goes to the subscriber that has least, with racks to one nearby first. Topics with few subscribers come first.
 * 3. As long as some member has at least two partitions more than another that could take one, one is moved: first only partitions
 *    that step 2 just placed, since moving those costs nobody anything; then any.
 * 4. Partitions that changed places with each other go back.
 *
 * Step 3 ends: a move from a member with `n` partitions to one with at most `n - 2` lowers the sum of all squares.
 * Kafka: `AbstractStickyAssignor.GeneralAssignmentBuilder`, which remembers moves between two members where this remembers where each
 * partition was at home, and on the coordinator `UniformHeterogeneousAssignmentBuilder`.
 */
import { MembersByLoad } from './members-by-load.ts'
import { type NumberedGroup, nobody } from './numbered-group.ts'

/** The partitions of each member, by number. */
export function assignGeneral(group: NumberedGroup): number[][] {
  return new GeneralAssignment(group).build()
}

class GeneralAssignment {
  readonly #group: NumberedGroup
  readonly #assigned: number[][]
  /** The member that has each partition now. */
  readonly #holder: Int32Array
  /** The member that each partition need not move away from; nobody for new ones. */
  readonly #home: Int32Array
  readonly #members: MembersByLoad

  constructor(group: NumberedGroup) {
    this.#group = group
    this.#assigned = Array.from({ length: group.memberCount }, () => [])
    this.#holder = new Int32Array(group.topicOf.length).fill(nobody)
    this.#home = new Int32Array(group.topicOf.length).fill(nobody)
    this.#keepOwned()
    const loads = Int32Array.from(this.#assigned, (partitions) => partitions.length)
    this.#members = new MembersByLoad([...loads.keys()], loads)
  }

  build(): number[][] {
    const partitions = this.#partitionsByChoice()
    const unassigned = partitions.filter((partition) => this.#holder[partition] === nobody)
    this.#assignToLeastLoaded(unassigned)

    const { subscribers, topicOf } = this.#group
    const shared = (partition: number): boolean => subscribers[topicOf[partition]!]!.length > 1
    for (const member of this.#membersWithoutSharedTopic()) this.#members.remove(member)
    this.#balance(unassigned.filter(shared))
    this.#balance(partitions.filter(shared))
    this.#undoSwaps()
    return this.#assigned
  }

  #keepOwned(): void {
    const { owned, racks, topicOf } = this.#group
    owned.forEach((partitions, member) => {
      for (const partition of partitions) {
        if (!this.#group.isSubscribed(member, topicOf[partition]!)) continue
        if (racks?.isFar(member, partition)) continue
        this.#assigned[member]!.push(partition)
        this.#holder[partition] = member
        this.#home[partition] = member
      }
    })
  }

  /** All partitions, those of topics with the fewest subscribers first. */
  #partitionsByChoice(): number[] {
    const { subscribers, firstPartition } = this.#group
    const order = [...subscribers.keys()].sort((a, b) => subscribers[a]!.length - subscribers[b]!.length || a - b)
    const partitions: number[] = []
    for (const topic of order) {
      for (let partition = firstPartition[topic]!; partition < firstPartition[topic + 1]!; partition++) {
        partitions.push(partition)
      }
    }
    return partitions
  }

  #assignToLeastLoaded(partitions: readonly number[]): void {
    const { racks, topicOf } = this.#group
    const assign = (partition: number, fits: (member: number) => boolean): boolean => {
      const topic = topicOf[partition]!
      const member = this.#members.find((candidate) => this.#group.isSubscribed(candidate, topic) && fits(candidate))
      if (member === nobody) return false
      this.#assigned[member]!.push(partition)
      this.#holder[partition] = member
      this.#members.change(member, 1)
      return true
    }
    let rest = partitions
    if (racks !== null)
      rest = rest.filter((partition) => !assign(partition, (member) => !racks.isFar(member, partition)))
    for (const partition of rest) assign(partition, () => true)
  }

  /** Members that share no topic have all of their topics' partitions, and nothing can change that. */
  #membersWithoutSharedTopic(): number[] {
    const sharing = new Uint8Array(this.#assigned.length)
    for (const members of this.#group.subscribers) {
      if (members.length > 1) for (const member of members) sharing[member] = 1
    }
    return [...sharing.keys()].filter((member) => sharing[member] === 0)
  }

  #balance(partitions: readonly number[]): void {
    for (let moved = true; moved; ) {
      moved = false
      for (const partition of partitions) {
        if (this.#members.difference <= 1) return
        if (this.#improve(partition)) moved = true
      }
    }
  }

  /** Moves this partition, or one just as good for balance, if that helps. */
  #improve(partition: number): boolean {
    const { racks, topicOf, formerOwner } = this.#group
    const topic = topicOf[partition]!
    const load = this.#members.load(this.#holder[partition]!)
    const gains = (member: number): boolean =>
      member !== nobody && this.#group.isSubscribed(member, topic) && this.#members.load(member) + 1 < load
    const former = formerOwner?.[partition] ?? nobody
    if (gains(former)) return this.#move(partition, former)
    if (racks !== null) {
      const near = this.#members.find(
        (member) => this.#group.isSubscribed(member, topic) && racks.isNear(member, partition),
      )
      if (gains(near)) return this.#move(partition, near)
    }
    const least = this.#members.find((member) => this.#group.isSubscribed(member, topic))
    return gains(least) && this.#move(this.#cheapestToMove(partition, least), least)
  }

  /** Of the holder's partitions of the same topic, the one whose move to `target` costs least: home, then new or astray, then owned. */
  #cheapestToMove(partition: number, target: number): number {
    const { topicOf, racks } = this.#group
    const holder = this.#holder[partition]!
    const cost = (candidate: number): number => {
      const home = this.#home[candidate]
      if (home === target) return 0
      return home === holder ? 2 : 1
    }
    let best = partition
    for (const candidate of this.#assigned[holder]!) {
      if (topicOf[candidate] !== topicOf[partition] || cost(candidate) >= cost(best)) continue
      if (racks?.isFar(target, candidate) && !racks.isFar(target, partition)) continue
      best = candidate
    }
    return best
  }

  #move(partition: number, target: number): true {
    const holder = this.#holder[partition]!
    this.#take(partition, target)
    this.#members.change(holder, -1)
    this.#members.change(target, 1)
    return true
  }

  #take(partition: number, target: number): void {
    const partitions = this.#assigned[this.#holder[partition]!]!
    partitions.splice(partitions.indexOf(partition), 1)
    this.#assigned[target]!.push(partition)
    this.#holder[partition] = target
  }

  /** If a partition went from one member to a second and another came from the second to the first, both can stay. */
  #undoSwaps(): void {
    const astray = new Map<number, number[]>()
    const memberCount = this.#assigned.length
    for (let partition = 0; partition < this.#home.length; partition++) {
      const home = this.#home[partition]!
      const holder = this.#holder[partition]!
      if (home === nobody || home === holder) continue
      const counterpart = astray.get(holder * memberCount + home)?.pop()
      if (counterpart !== undefined) {
        this.#take(counterpart, holder)
        this.#take(partition, home)
        continue
      }
      const key = home * memberCount + holder
      const others = astray.get(key)
      if (others === undefined) astray.set(key, [partition])
      else others.push(partition)
    }
  }
}

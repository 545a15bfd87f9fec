import type { GroupMember } from './group-member.ts'

/** What a group must keep to whatever happens. */
export class GroupLedger {
  /** What it did not keep to; nothing is thrown, since hooks are called where a throw may be taken for something else. */
  readonly violations: string[] = []
  readonly #members: readonly GroupMember[]
  readonly #received = new Map<string, Set<number>>()
  readonly #seen = new Map<GroupMember, number>()

  constructor(members: readonly GroupMember[]) {
    this.#members = members
  }

  /** Watches one more member. */
  watch(member: GroupMember): void {
    member.onChange = () => this.#look(member)
    member.hooks.on('committed', ({ offsets }) => {
      for (const [{ topic, partition }, { offset }] of offsets) this.#checkCommit(`${topic}-${partition}`, offset)
    })
  }

  /** Offsets below `end` that nobody has received. */
  missing(partition: string, end: number): number[] {
    const received = this.#received.get(partition) ?? new Set()
    return Array.from({ length: end }, (_, offset) => offset).filter((offset) => !received.has(offset))
  }

  #look(member: GroupMember): void {
    for (const { partition, offset } of member.received.slice(this.#seen.get(member) ?? 0)) {
      const offsets = this.#received.get(partition) ?? new Set()
      this.#received.set(partition, offsets.add(offset))
    }
    this.#seen.set(member, member.received.length)
    this.#checkOwners()
  }

  /** No partition has two owners in the newest generation. */
  #checkOwners(): void {
    const alive = this.#members.filter(({ isAlive }) => isAlive)
    const newest = Math.max(...alive.map(({ generationId }) => generationId))
    const owners = new Map<string, string>()
    for (const { name, owned, generationId } of alive) {
      if (generationId !== newest) continue
      for (const partition of owned) {
        const other = owners.get(partition)
        if (other !== undefined) {
          this.violations.push(`${partition} has two owners in generation ${newest}: ${other} and ${name}`)
        }
        owners.set(partition, name)
      }
    }
  }

  /** What is committed was received, or it is lost for the group. */
  #checkCommit(partition: string, offset: number): void {
    for (const member of this.#members) this.#look(member)
    const [lost] = this.missing(partition, offset)
    if (lost !== undefined) this.violations.push(`${partition}: ${offset} was committed, and nobody received ${lost}`)
  }
}

/** Members in the order of how many partitions they have; ties in the order of their ids. */
export class MembersByLoad {
  readonly #loads: Int32Array
  readonly #order: number[]

  /** `loads` has an entry for each member and is kept up to date here. */
  constructor(members: readonly number[], loads: Int32Array) {
    this.#loads = loads
    this.#order = [...members].sort((a, b) => loads[a]! - loads[b]! || a - b)
  }

  load(member: number): number {
    return this.#loads[member]!
  }

  /** How many partitions the most loaded member has more than the least loaded; 0 without members. */
  get difference(): number {
    if (this.#order.length === 0) return 0
    return this.load(this.#order.at(-1)!) - this.load(this.#order[0]!)
  }

  /** The least loaded member that fits, -1 if none does. */
  find(fits: (member: number) => boolean): number {
    for (const member of this.#order) if (fits(member)) return member
    return -1
  }

  /** Adds `delta` to the load of a member and puts it where it now belongs. */
  change(member: number, delta: number): void {
    this.#order.splice(this.#place(member), 1)
    this.#loads[member] = this.#loads[member]! + delta
    this.#order.splice(this.#place(member), 0, member)
  }

  /** Takes the member out of the order; its load stays. */
  remove(member: number): void {
    this.#order.splice(this.#place(member), 1)
  }

  #place(member: number): number {
    const load = this.#loads[member]!
    let low = 0
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#order[middle]!
      if (this.#loads[other]! < load || (this.#loads[other] === load && other < member)) low = middle + 1
      else high = middle
    }
    return low
  }
}

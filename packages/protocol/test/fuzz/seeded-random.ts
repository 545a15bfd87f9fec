/** A small generator (mulberry32): one seed, one sequence. */
export class SeededRandom {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** A uniform integer in `[0, bound)`. */
  nextInt(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * bound) | 0
  }

  /** One of `choices`. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.nextInt(choices.length)] as T
  }
}

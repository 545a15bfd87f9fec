import type { Random } from '../random.ts'
import { uniformFloat, uniformInt } from '../uniform.ts'

/** Chance that a seed repeats: the sfc32 generator, whose state of 128 bits is filled from the seed's text. */
export class SimRandom implements Random {
  /** What the generator was made from; the same seed gives the same sequence on every host. */
  readonly seed: number | string
  readonly #state: Uint32Array

  constructor(seed: number | string) {
    this.seed = seed
    this.#state = stateOf(String(seed))
    for (let round = 0; round < 12; round++) this.#nextWord()
  }

  /**
   * An independent generator that depends on this one's seed and the label alone, not on how much was drawn: so a new draw in one
   * part of a simulation leaves the chance of all other parts as it was.
   */
  fork(label: string): SimRandom {
    return new SimRandom(`${this.seed}/${label}`)
  }

  nextInt(bound: number): number {
    return uniformInt(this.#nextWord, bound)
  }

  nextFloat(): number {
    return uniformFloat(this.#nextWord)
  }

  nextBytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let index = 0; index < length; index += 4) {
      const word = this.#nextWord()
      for (let byte = 0; byte < 4 && index + byte < length; byte++) bytes[index + byte] = word >>> (8 * byte)
    }
    return bytes
  }

  /** A uniform number in `[from, to)`; `from` when both are equal. */
  between(from: number, to: number): number {
    return from === to ? from : from + this.nextFloat() * (to - from)
  }

  /** True with the given probability; 0 and 1 draw nothing. */
  chance(probability: number): boolean {
    if (probability <= 0) return false
    return probability >= 1 || this.nextFloat() < probability
  }

  /** One of the items, all equally likely; throws `RangeError` when there is none. */
  pick<T>(items: readonly T[]): T {
    return items[this.nextInt(items.length)]!
  }

  /** The items in random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items]
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.nextInt(last + 1)
      const item = result[last]!
      result[last] = result[other]!
      result[other] = item
    }
    return result
  }

  readonly #nextWord = (): number => {
    const state = this.#state
    const [a, b, c, counter] = [state[0]!, state[1]!, state[2]!, state[3]!]
    const word = (a + b + counter) >>> 0
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + word
    state[3] = counter + 1
    return word
  }
}

/** Four words from a text: FNV-1a over its characters, each word with a start and a final mix of its own. */
function stateOf(seed: string): Uint32Array {
  const state = new Uint32Array(4)
  for (let word = 0; word < 3; word++) {
    let hash = 0x811c9dc5 ^ Math.imul(word, 0x9e3779b9)
    for (let index = 0; index < seed.length; index++) hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    state[word] = hash ^ (hash >>> 16)
  }
  state[3] = 1
  return state
}

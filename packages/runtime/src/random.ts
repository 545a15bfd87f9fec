/** Chance as a core sees it. One seed repeats a simulated run. */
export interface Random {
  /** A uniform integer in `[0, bound)`; `bound` is a positive integer of at most 2^32. */
  nextInt(bound: number): number
  /** A uniform number in `[0, 1)`. */
  nextFloat(): number
  /** `length` random bytes. */
  nextBytes(length: number): Uint8Array
}

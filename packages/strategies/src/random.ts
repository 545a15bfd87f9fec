/** Chance as a strategy sees it: the part of the runtime's `Random` port that a partitioner needs. One seed repeats a run. */
export interface Random {
  /** A uniform integer in `[0, bound)`; `bound` is a positive integer of at most 2^32. */
  nextInt(bound: number): number
}

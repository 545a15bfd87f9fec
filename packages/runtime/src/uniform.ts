/** How many values a 32-bit word has. */
const words = 2 ** 32

/** A uniform integer in `[0, bound)` from a source of uniform 32-bit words. Throws `RangeError` for a bound outside 1 to 2^32. */
export function uniformInt(nextWord: () => number, bound: number): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > words) {
    throw new RangeError(`expected a bound from 1 to 2^32, got ${bound}`)
  }
  // Words beyond the last whole multiple of the bound would make small results likelier; they are drawn again.
  const limit = words - (words % bound)
  let word = nextWord()
  while (word >= limit) word = nextWord()
  return word % bound
}

/** A uniform number in `[0, 1)` with all 53 bits from a source of uniform 32-bit words. */
export function uniformFloat(nextWord: () => number): number {
  return ((nextWord() >>> 5) * 2 ** 26 + (nextWord() >>> 6)) / 2 ** 53
}

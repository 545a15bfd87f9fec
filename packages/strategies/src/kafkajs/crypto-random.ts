import type { Random } from '../random.ts'

/**
 * Chance for a producer of kafkajs, which has no port for it: many producers that start together must not all start at the same
 * partition.
 */
export function cryptoRandom(): Random {
  const word = new Uint32Array(1)
  return {
    nextInt(bound) {
      crypto.getRandomValues(word)
      return Math.floor((word[0]! / 0x1_0000_0000) * bound)
    },
  }
}

const seed = 0x9747b28c
const multiplier = 0x5bd1e995

/**
 * Kafka's `Utils.murmur2`: the 32-bit hash, as a signed number, that assigns a keyed record to its partition.
 * The partition is `(murmur2(key) & 0x7fffffff) % numPartitions`.
 */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length
  let h = seed ^ length
  let i = 0
  for (const end = length - 3; i < end; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    k = Math.imul(k, multiplier)
    k ^= k >>> 24
    h = Math.imul(h, multiplier) ^ Math.imul(k, multiplier)
  }
  const rest = length - i
  if (rest > 0) {
    if (rest > 2) h ^= bytes[i + 2]! << 16
    if (rest > 1) h ^= bytes[i + 1]! << 8
    h = Math.imul(h ^ bytes[i]!, multiplier)
  }
  h ^= h >>> 13
  h = Math.imul(h, multiplier)
  return h ^ (h >>> 15)
}

const maxInt32 = 0x7fff_ffff

/** The partition of a coordinator's topic that keeps a group or transactional id: Java's hash of it, as Kafka places them. */
export function partitionForKey(key: string, partitions: number): number {
  let hash = 0
  for (let index = 0; index < key.length; index++) hash = (Math.imul(31, hash) + key.charCodeAt(index)) | 0
  // The one value without a positive counterpart counts as 0.
  const positive = Math.abs(hash)
  return (positive > maxInt32 ? 0 : positive) % partitions
}

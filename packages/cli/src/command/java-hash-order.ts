/**
 * Names in the order in which Java's `HashMap` goes through them when they were put into an empty one as given: Kafka's commands print
 * some things in that order.
 */
export function javaHashOrder(names: readonly string[]): readonly string[] {
  let capacity = 16
  while (names.length > capacity * 0.75) capacity *= 2
  const bucketOf = (name: string) => {
    const hash = javaHash(name)
    return (hash ^ (hash >>> 16)) & (capacity - 1)
  }
  // Sorting is stable, as are the lists of a bucket.
  return [...names].sort((one, other) => bucketOf(one) - bucketOf(other))
}

function javaHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}

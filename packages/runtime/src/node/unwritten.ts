/** What is left of the chunks after `written` bytes. Empty chunks go, so that a list of nothing else ends. */
export function unwritten(chunks: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let index = 0
  let left = written
  for (; index < chunks.length; index++) {
    const { length } = chunks[index]!
    if (length > left) break
    left -= length
  }
  if (index === chunks.length) return []
  return left === 0 ? chunks.slice(index) : [chunks[index]!.subarray(left), ...chunks.slice(index + 1)]
}

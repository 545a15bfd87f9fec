/** Up to this length a loop over the bytes is faster than a call into the platform. */
const shortCopy = 24

/** Copies `length` bytes from `source` at `from` into `target` at `to`; both have the room. */
export function copyLiteral(target: Uint8Array, to: number, literal: Literal): void {
  const { source, from, length } = literal
  if (length > shortCopy) target.set(source.subarray(from, from + length), to)
  else for (let i = 0; i < length; i++) target[to + i] = source[from + i]!
}

/** Bytes of a compressed block that are taken over as they are. */
export interface Literal {
  readonly source: Uint8Array
  readonly from: number
  readonly length: number
}

/**
 * Repeats `length` bytes of `target` that start `offset` bytes before `to`. Where the two overlap, the bytes just written are
 * repeated again: this is how LZ77 codes write runs.
 */
export function copyMatch(
  target: Uint8Array,
  to: number,
  match: { readonly offset: number; readonly length: number },
): void {
  const { offset, length } = match
  const from = to - offset
  if (length > shortCopy && offset >= length) target.copyWithin(to, from, from + length)
  else if (length > shortCopy && offset === 1) target.fill(target[from]!, to, to + length)
  else for (let i = 0; i < length; i++) target[to + i] = target[from + i]!
}

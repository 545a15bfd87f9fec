import { ProtocolError } from '../protocol-error.ts'
import { copyLiteral, copyMatch } from './copy.ts'
import { freeOwnBytes } from './freeable-bytes.ts'

const smallestMatch = 4
/** The format ends every block with five literal bytes at least, and starts no match in the last twelve. */
const lastLiterals = 5
const matchLimit = 12
const largestOffset = 0xffff

/**
 * How many bytes an LZ4 block decompresses to. The format does not say it, so the lengths in the block are added up; then the
 * content can be written into a buffer of just its size.
 * @throws ProtocolError when the block does not end where its sequences end.
 */
export function lz4BlockLength(block: Uint8Array): number {
  let length = 0
  for (let at = 0; ; ) {
    if (at >= block.length) throw damaged('it ends within a sequence', at)
    const token = block[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      for (let byte: number | undefined = 255; byte === 255; literals += byte ?? 0) byte = block[at++]
    }
    at += literals
    length += literals
    if (at === block.length) return length
    at += 2
    let match = (token & 15) + smallestMatch
    if (match === 15 + smallestMatch) {
      for (let byte: number | undefined = 255; byte === 255; match += byte ?? 0) byte = block[at++]
    }
    length += match
  }
}

/**
 * Decompresses an LZ4 block into `bytes` at `start` and answers the position behind its content, for which `lz4BlockLength`
 * says the room. Matches may reach back into what earlier blocks of the frame wrote.
 * @throws ProtocolError when a match reaches back before that.
 */
export function decompressLz4Block(block: Uint8Array, bytes: Uint8Array, start: number): number {
  let to = start
  let at = 0
  for (;;) {
    const token = block[at++]!
    let length = token >>> 4
    if (length === 15) {
      for (let byte = 255; byte === 255; length += byte) byte = block[at++]!
    }
    copyLiteral(bytes, to, { source: block, from: at, length })
    at += length
    to += length
    if (at === block.length) return to
    const offset = block[at]! | (block[at + 1]! << 8)
    at += 2
    length = (token & 15) + smallestMatch
    if (length === 15 + smallestMatch) {
      for (let byte = 255; byte === 255; length += byte) byte = block[at++]!
    }
    if (offset === 0 || offset > to) throw damaged(`match of ${length} bytes from ${offset} bytes back`, at)
    copyMatch(bytes, to, { offset, length })
    to += length
  }
}

/** The most bytes an LZ4 block of `length` bytes can take. */
export function lz4BlockBound(length: number): number {
  return length + Math.floor(length / 255) + 16
}

/** How hard to search: 1 looks at the last place with the same hash alone, more follow the chain of earlier ones. */
export interface Lz4Search {
  readonly attempts: number
  /** The hash table has this power of two of entries, fewer for a small block. */
  readonly hashBits: number
}

/**
 * Finds the matches of a block: a hash table of the last position of each four bytes, and, for more than one attempt, a chain
 * from each position to the one before it with the same hash.
 */
class MatchFinder {
  /** Where the best match found starts; good when `find` answered a length. */
  position = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #last: Int32Array
  readonly #previous: Int32Array
  readonly #hashShift: number
  readonly #attempts: number

  constructor(bytes: Uint8Array, search: Lz4Search) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    // Positions are stored plus one, so that a fresh table says "none".
    this.#hashShift = 32 - Math.min(Math.max(32 - Math.clz32(bytes.length), 8), search.hashBits)
    this.#last = new Int32Array(2 ** (32 - this.#hashShift))
    this.#previous = new Int32Array(search.attempts > 1 ? bytes.length : 0)
    this.#attempts = search.attempts
  }

  /** Gives the tables back; nothing can be found any more. */
  free(): void {
    freeOwnBytes(this.#last)
    freeOwnBytes(this.#previous)
  }

  /** Makes `at` known to later searches. */
  insert(at: number): void {
    const slot = this.#slot(this.#view.getInt32(at, true))
    if (this.#attempts > 1) this.#previous[at] = this.#last[slot]!
    this.#last[slot] = at + 1
  }

  /** Length of the longest match for the bytes at `at` that starts before it, 0 for none; makes `at` known. */
  find(at: number): number {
    const word = this.#view.getInt32(at, true)
    const slot = this.#slot(word)
    let candidate = this.#last[slot]! - 1
    if (this.#attempts > 1) this.#previous[at] = candidate + 1
    this.#last[slot] = at + 1
    let best = 0
    for (let attempts = this.#attempts; candidate >= 0 && at - candidate <= largestOffset && attempts > 0; attempts--) {
      if (this.#view.getInt32(candidate, true) === word) {
        const length = this.#matchLength(candidate, at)
        if (length > best) {
          best = length
          this.position = candidate
        }
      }
      candidate = this.#attempts > 1 ? this.#previous[candidate]! - 1 : -1
    }
    return best
  }

  #slot(word: number): number {
    return Math.imul(word, 0x9e3779b1) >>> this.#hashShift
  }

  #matchLength(candidate: number, at: number): number {
    const bytes = this.#bytes
    const limit = bytes.length - lastLiterals - at
    let length = smallestMatch
    while (length < limit && bytes[candidate + length] === bytes[at + length]) length++
    return length
  }
}

/** Compresses `bytes` into `target` at `start`, which has room for `lz4BlockBound`, and answers the end of the block. */
export function compressLz4Block(
  bytes: Uint8Array,
  target: Uint8Array,
  options: { readonly start: number; readonly search: Lz4Search },
): number {
  const { search } = options
  const finder = new MatchFinder(bytes, search)
  const last = bytes.length - matchLimit
  let to = options.start
  let emitted = 0
  let misses = 64
  for (let at = 0; at <= last; ) {
    let length = finder.find(at)
    if (length === 0) {
      // The longer nothing repeats, the larger the steps, unless a better ratio was asked for.
      at += search.attempts > 1 ? 1 : misses++ >>> 6
      continue
    }
    let position = finder.position
    // A longer match one byte on is worth a literal.
    while (search.attempts > 1 && at < last) {
      const next = finder.find(at + 1)
      if (next <= length) break
      at++
      length = next
      position = finder.position
    }
    const literal = { source: bytes, from: emitted, length: at - emitted }
    to = putSequence(target, to, { literal, offset: at - position, length })
    const end = at + length
    if (search.attempts > 1) for (let i = at + 2; i < end && i <= last; i++) finder.insert(i)
    else if (end - 2 <= last) finder.insert(end - 2)
    at = end
    emitted = end
    misses = 64
  }
  finder.free()
  return putLastLiterals(target, to, { source: bytes, from: emitted, length: bytes.length - emitted })
}

interface Sequence {
  readonly literal: { readonly source: Uint8Array; readonly from: number; readonly length: number }
  readonly offset: number
  readonly length: number
}

function putSequence(target: Uint8Array, start: number, sequence: Sequence): number {
  const { literal, offset } = sequence
  const length = sequence.length - smallestMatch
  target[start] = (Math.min(literal.length, 15) << 4) | Math.min(length, 15)
  let to = putLength(target, start + 1, literal.length)
  copyLiteral(target, to, literal)
  to += literal.length
  target[to++] = offset
  target[to++] = offset >>> 8
  return putLength(target, to, length)
}

function putLastLiterals(target: Uint8Array, start: number, literal: Sequence['literal']): number {
  target[start] = Math.min(literal.length, 15) << 4
  const to = putLength(target, start + 1, literal.length)
  copyLiteral(target, to, literal)
  return to + literal.length
}

/** What of a length does not fit into the token. */
function putLength(target: Uint8Array, start: number, length: number): number {
  if (length < 15) return start
  let to = start
  let rest = length - 15
  for (; rest >= 255; rest -= 255) target[to++] = 255
  target[to++] = rest
  return to
}

function damaged(reason: string, position: number): ProtocolError {
  return new ProtocolError(`lz4 data is damaged: ${reason}`, '', position)
}

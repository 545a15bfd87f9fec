import { ProtocolError } from '../protocol-error.ts'
import { copyLiteral, copyMatch } from './copy.ts'

/** Offsets of copies fit into 16 bits, so a block is compressed in pieces of this size. */
const fragmentBytes = 65_536
const largestHashBits = 13
/** Three bytes of a copy stand for 64 bytes at most, so no block grows by more than this. */
const largestRatio = 22

/**
 * How many bytes a raw snappy block decompresses to, by its own claim.
 * @throws ProtocolError when there is no length, or one that so few bytes cannot decompress to.
 */
export function snappyBlockLength(block: Uint8Array): number {
  let length = 0
  for (let at = 0, weight = 1; ; weight *= 128) {
    const byte = block[at++]
    if (byte === undefined || at > 5) throw damaged('its length does not end', at - 1)
    length += (byte & 0x7f) * weight
    if (byte < 0x80) break
  }
  if (length > block.length * largestRatio) {
    throw damaged(`${block.length} bytes cannot decompress to ${length}`, 0)
  }
  return length
}

/**
 * Decompresses a raw snappy block into `target` at `start` and answers the position behind it. `target` must have room for
 * `snappyBlockLength(block)` bytes.
 */
export function decompressSnappyBlock(block: Uint8Array, target: Uint8Array, start: number): number {
  const end = start + snappyBlockLength(block)
  let at = 0
  while (block[at++]! >= 0x80);
  let to = start
  while (at < block.length) {
    const tag = block[at++]!
    const kind = tag & 3
    if (kind === 0) {
      let length = tag >>> 2
      if (length >= 60) {
        const extra = length - 59
        if (at + extra > block.length) throw damaged('it ends within a length', at)
        length = 0
        for (let i = extra - 1; i >= 0; i--) length = length * 256 + block[at + i]!
        at += extra
      }
      length++
      if (length > block.length - at || length > end - to) throw damaged(`literal of ${length} bytes`, at)
      copyLiteral(target, to, { source: block, from: at, length })
      at += length
      to += length
      continue
    }
    let length = (tag >>> 2) + 1
    let offset: number
    if (kind === 1) {
      length = ((tag >>> 2) & 7) + 4
      offset = ((tag & 0xe0) << 3) | block[at]!
      at += 1
    } else if (kind === 2) {
      offset = block[at]! | (block[at + 1]! << 8)
      at += 2
    } else {
      offset = (block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16) | (block[at + 3]! << 24)) >>> 0
      at += 4
    }
    if (at > block.length || offset === 0 || offset > to - start || length > end - to) {
      throw damaged(`copy of ${length} bytes from ${offset} bytes back`, at)
    }
    copyMatch(target, to, { offset, length })
    to += length
  }
  if (to !== end) throw damaged(`it decompresses to ${to - start} bytes, not to ${end - start}`, at)
  return end
}

/** The most bytes a raw snappy block of `length` bytes can take. */
export function snappyBlockBound(length: number): number {
  return 32 + length + Math.floor(length / 6)
}

/** Compresses `bytes` into a raw snappy block in `target` at `start`, which has room for `snappyBlockBound`; answers its end. */
export function compressSnappyBlock(bytes: Uint8Array, target: Uint8Array, start: number): number {
  let to = start
  let rest = bytes.length
  for (; rest >= 0x80; rest >>>= 7) target[to++] = rest | 0x80
  target[to++] = rest
  // A small block needs but a small table, which is cheaper to clear.
  const hashBits = Math.min(Math.max(32 - Math.clz32(bytes.length), 8), largestHashBits)
  const table = new Uint16Array(1 << hashBits)
  for (let from = 0; from < bytes.length; from += fragmentBytes) {
    if (from > 0) table.fill(0)
    const fragment = bytes.subarray(from, from + fragmentBytes)
    to = compressFragment(fragment, { target, at: to, table, hashBits })
  }
  return to
}

function compressFragment(
  bytes: Uint8Array,
  output: { readonly target: Uint8Array; readonly at: number; readonly table: Uint16Array; readonly hashBits: number },
): number {
  const { target, table } = output
  const hashShift = 32 - output.hashBits
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const last = bytes.length - 15
  let to = output.at
  let emitted = 0
  let misses = 32
  for (let at = 1; at < last; ) {
    const word = view.getInt32(at, true)
    const slot = Math.imul(word, 0x1e35a7bd) >>> hashShift
    const candidate = table[slot]!
    table[slot] = at
    if (candidate >= at || view.getInt32(candidate, true) !== word) {
      // The longer nothing repeats, the larger the steps: what does not compress is not searched byte by byte.
      at += misses++ >>> 5
      continue
    }
    if (at > emitted) to = putLiteral(target, to, { source: bytes, from: emitted, length: at - emitted })
    let length = 4
    while (at + length < bytes.length && bytes[candidate + length] === bytes[at + length]) length++
    to = putCopy(target, to, { offset: at - candidate, length })
    at += length
    emitted = at
    misses = 32
    if (at < last) table[Math.imul(view.getInt32(at - 1, true), 0x1e35a7bd) >>> hashShift] = at - 1
  }
  if (emitted < bytes.length) {
    to = putLiteral(target, to, { source: bytes, from: emitted, length: bytes.length - emitted })
  }
  return to
}

function putLiteral(
  target: Uint8Array,
  start: number,
  literal: { source: Uint8Array; from: number; length: number },
): number {
  const count = literal.length - 1
  let to = start
  if (count < 60) target[to++] = count << 2
  else if (count < 0x100) {
    target[to++] = 60 << 2
    target[to++] = count
  } else {
    target[to++] = 61 << 2
    target[to++] = count
    target[to++] = count >>> 8
  }
  copyLiteral(target, to, literal)
  return to + literal.length
}

function putCopy(
  target: Uint8Array,
  start: number,
  match: { readonly offset: number; readonly length: number },
): number {
  const { offset } = match
  let { length } = match
  let to = start
  // A copy is of 64 bytes at most; what is left at the end is never below the 4 that the short form takes.
  while (length >= 68) {
    to = putLongCopy(target, to, { offset, length: 64 })
    length -= 64
  }
  if (length > 64) {
    to = putLongCopy(target, to, { offset, length: 60 })
    length -= 60
  }
  if (length >= 12 || offset >= 2048) return putLongCopy(target, to, { offset, length })
  target[to++] = 1 | ((length - 4) << 2) | ((offset >>> 8) << 5)
  target[to++] = offset
  return to
}

function putLongCopy(
  target: Uint8Array,
  at: number,
  match: { readonly offset: number; readonly length: number },
): number {
  target[at] = 2 | ((match.length - 1) << 2)
  target[at + 1] = match.offset
  target[at + 2] = match.offset >>> 8
  return at + 3
}

function damaged(reason: string, position: number): ProtocolError {
  return new ProtocolError(`snappy data is damaged: ${reason}`, '', position)
}

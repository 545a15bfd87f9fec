import { ProtocolError } from '../protocol-error.ts'
import type { CompressionCodec } from './compression-codec.ts'
import { tooLargeError } from './decompression-error.ts'
import { freeableLength } from './freeable-bytes.ts'
import { compressSnappyBlock, decompressSnappyBlock, snappyBlockBound, snappyBlockLength } from './snappy-block.ts'

/** 0x82 and "SNAPPY" and 0: how a stream of snappy-java (the "xerial" framing) starts. */
const magic = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00)
const headerBytes = 16
const version = 1
/** snappy-java's block size. */
const blockBytes = 32_768

/**
 * snappy as Kafka's Java clients frame it: a header, then blocks of 32 KiB with their compressed lengths in front. A single raw
 * block, as some clients write it, is read as well.
 */
export const snappyCodec: CompressionCodec = {
  id: 2,
  name: 'snappy',

  compress(bytes) {
    const blocks = Math.ceil(bytes.length / blockBytes)
    const bound = headerBytes + blocks * (4 + snappyBlockBound(Math.min(blockBytes, bytes.length)))
    const target = new Uint8Array(freeableLength(bound))
    const view = new DataView(target.buffer)
    target.set(magic)
    view.setInt32(8, version)
    view.setInt32(12, version)
    let at = headerBytes
    for (let from = 0; from < bytes.length; from += blockBytes) {
      const end = compressSnappyBlock(bytes.subarray(from, from + blockBytes), target, at + 4)
      view.setInt32(at, end - at - 4)
      at = end
    }
    return target.subarray(0, at)
  },

  decompress(bytes, maxBytes) {
    const blocks = startsWithMagic(bytes, 0) ? framedBlocks(bytes) : [bytes]
    let length = 0
    for (const block of blocks) length += snappyBlockLength(block)
    if (length > maxBytes) throw tooLargeError('snappy', maxBytes)
    const target = new Uint8Array(length)
    let at = 0
    for (const block of blocks) at = decompressSnappyBlock(block, target, at)
    return target
  },
}

function startsWithMagic(bytes: Uint8Array, at: number): boolean {
  return bytes.length - at >= headerBytes && magic.every((byte, i) => bytes[at + i] === byte)
}

/** Streams that follow each other are one, as for snappy-java. */
function framedBlocks(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const blocks: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    if (startsWithMagic(bytes, at)) {
      const written = view.getInt32(at + 8)
      if (written < version) throw new ProtocolError(`snappy framing of version ${written}`, '', at + 8)
      at += headerBytes
      continue
    }
    const left = bytes.length - at - 4
    const length = left < 0 ? 0 : view.getInt32(at)
    if (length <= 0 || length > left) {
      throw new ProtocolError(
        `snappy data is damaged: block of ${length} bytes, but ${Math.max(left, 0)} are left`,
        '',
        at,
      )
    }
    blocks.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return blocks
}

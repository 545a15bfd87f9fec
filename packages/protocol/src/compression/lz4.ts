import { ProtocolError } from '../protocol-error.ts'
import type { CompressionCodec } from './compression-codec.ts'
import { tooLargeError } from './decompression-error.ts'
import { freeableLength } from './freeable-bytes.ts'
import { compressLz4Block, decompressLz4Block, lz4BlockBound, lz4BlockLength } from './lz4-block.ts'
import { xxhash32 } from './xxhash32.ts'

const magic = 0x184d2204
const uncompressedBit = 0x8000_0000
/** Kafka's frames: version 1, independent blocks of 64 KiB, no checksums but the header's, no content size. */
const kafkaFlags = 0x60
const kafkaBlockDescriptor = 0x40
const kafkaBlockBytes = 65_536
const kafkaHeaderBytes = 7
/** Kafka's default level, for which its clients take the fast compressor instead of the thorough one. */
const defaultLevel = 9
const flag = {
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  reserved: 0x02,
  dictionary: 0x01,
} as const

/**
 * LZ4 frames. Level 9, Kafka's default, is the fast search; the other levels, 1 to 17, look harder the higher they are. The
 * header checksum of messages before magic 2, which Kafka's first clients computed over the frame's magic as well, is accepted.
 */
export const lz4Codec: CompressionCodec = {
  id: 3,
  name: 'lz4',
  compress,
  decompress,
}

function compress(bytes: Uint8Array, level = defaultLevel): Uint8Array {
  const search =
    level === defaultLevel
      ? { attempts: 1, hashBits: 13 }
      : { attempts: 2 ** Math.min(Math.max(level, 2) - 1, 12), hashBits: 15 }
  const blocks = Math.ceil(bytes.length / kafkaBlockBytes)
  const bound = lz4BlockBound(Math.min(bytes.length, kafkaBlockBytes))
  const target = new Uint8Array(freeableLength(kafkaHeaderBytes + blocks * (4 + bound) + 4))
  const view = new DataView(target.buffer)
  view.setUint32(0, magic, true)
  target[4] = kafkaFlags
  target[5] = kafkaBlockDescriptor
  target[6] = xxhash32(target.subarray(4, 6)) >>> 8
  let at = kafkaHeaderBytes
  for (let from = 0; from < bytes.length; from += kafkaBlockBytes) {
    const block = bytes.subarray(from, from + kafkaBlockBytes)
    const end = compressLz4Block(block, target, { start: at + 4, search })
    const length = end - at - 4
    if (length < block.length) {
      view.setUint32(at, length, true)
      at = end
    } else {
      view.setUint32(at, (uncompressedBit | block.length) >>> 0, true)
      target.set(block, at + 4)
      at += 4 + block.length
    }
  }
  view.setUint32(at, 0, true)
  return target.subarray(0, at + 4)
}

interface Lz4Frame {
  readonly blocks: readonly { readonly bytes: Uint8Array; readonly isCompressed: boolean }[]
  /** Bytes the blocks decompress to. */
  readonly length: number
  /** xxHash32 of the content, undefined when the frame has none. */
  readonly checksum: number | undefined
}

function decompress(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const { blocks, length, checksum } = new FrameReader(bytes).read()
  if (length > maxBytes) throw tooLargeError('lz4', maxBytes)
  const content = new Uint8Array(length)
  let at = 0
  for (const block of blocks) {
    if (block.isCompressed) at = decompressLz4Block(block.bytes, content, at)
    else {
      content.set(block.bytes, at)
      at += block.bytes.length
    }
  }
  if (checksum !== undefined && checksum !== xxhash32(content)) {
    throw new ProtocolError('lz4 data is damaged: the content checksum is wrong')
  }
  return content
}

/** Takes one frame apart; what follows it is ignored, as in Kafka. */
class FrameReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  read(): Lz4Frame {
    const { flags, blockBytes } = this.#header()
    const blocks = []
    let length = 0
    for (let size = this.#uint32(); size !== 0; size = this.#uint32()) {
      const isCompressed = size < uncompressedBit
      const bytes = this.#take(size & ~uncompressedBit)
      const blockLength = isCompressed ? lz4BlockLength(bytes) : bytes.length
      if (blockLength > blockBytes)
        throw this.#error(`block of ${blockLength} bytes in a frame of ${blockBytes} byte blocks`)
      if ((flags & flag.blockChecksum) !== 0 && this.#uint32() !== xxhash32(bytes)) {
        throw this.#error('a block checksum is wrong')
      }
      blocks.push({ bytes, isCompressed })
      length += blockLength
    }
    return { blocks, length, checksum: (flags & flag.contentChecksum) === 0 ? undefined : this.#uint32() }
  }

  #header(): { flags: number; blockBytes: number } {
    if (this.#uint32() !== magic) throw this.#error('it is not an LZ4 frame')
    const flags = this.#take(1)[0]!
    const descriptor = this.#take(1)[0]!
    const blockSize = descriptor >>> 4
    if (flags >>> 6 !== 1 || (flags & (flag.reserved | flag.dictionary)) !== 0) throw this.#error(`flags ${flags}`)
    if ((descriptor & 0x8f) !== 0 || blockSize < 4) throw this.#error(`block descriptor ${descriptor}`)
    if ((flags & flag.contentSize) !== 0) this.#take(8)
    const end = this.#at
    const checksum = this.#take(1)[0]!
    const accepted = [4, 0].map((from) => (xxhash32(this.#bytes.subarray(from, end)) >>> 8) & 0xff)
    if (!accepted.includes(checksum)) throw this.#error('the header checksum is wrong')
    return { flags, blockBytes: 2 ** (2 * blockSize + 8) }
  }

  #uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  #take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.#bytes.subarray(start, start + length)
  }

  #advance(length: number): number {
    const start = this.#at
    if (length > this.#bytes.length - start) throw this.#error(`expected ${length} more bytes`)
    this.#at = start + length
    return start
  }

  #error(reason: string): ProtocolError {
    return new ProtocolError(`lz4 data is damaged: ${reason}`, '', this.#at)
  }
}

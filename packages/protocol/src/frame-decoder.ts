import { ProtocolError } from './protocol-error.ts'

/** Kafka's `socket.request.max.bytes`: 100 MiB. */
export const defaultMaxFrameBytes = 100 * 1024 * 1024

const sizeBytes = 4
/** Chunks below this are gathered into blocks, so that a stream of tiny ones costs little more than its bytes. */
const smallChunkBytes = 1024
const gatherBytes = 16 * 1024

/** How a stream is cut into frames. */
export interface FrameDecoderOptions {
  /** A frame that claims to be larger is a ProtocolError; 100 MiB, Kafka's `socket.request.max.bytes`, when left out. */
  readonly maxFrameBytes?: number | undefined
}

/**
 * Cuts the bytes of a connection into frames: a size as int32, then as many bytes. The stream may come in chunks of any sizes.
 *
 * A frame that lies in one chunk is handed out as a view on it; one that spans chunks is copied once, when its last byte is
 * there. So chunks must not be overwritten once they were pushed. Until then memory grows with the bytes that came, never with
 * the size that a frame claims.
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number
  readonly #pending = new PendingBytes()
  /** Size of the frame being received, undefined while its size is not known. */
  #frameBytes: number | undefined
  #failure: ProtocolError | undefined

  constructor(options: FrameDecoderOptions = {}) {
    this.#maxFrameBytes = options.maxFrameBytes ?? defaultMaxFrameBytes
  }

  /** Bytes of a frame, or of its size, that were received before its end. */
  get bufferedBytes(): number {
    return this.#pending.length
  }

  /**
   * Takes the next bytes of the stream and yields the frames that they complete, without their sizes. The bytes are taken while
   * the frames are iterated, so that has to be done to the end.
   * @throws ProtocolError when a size is negative or above the limit, after the frames before it were yielded; and from then
   * on, since the stream cannot be followed any more.
   */
  *push(chunk: Uint8Array): Generator<Uint8Array, undefined> {
    if (this.#failure !== undefined) throw this.#failure
    let at = 0
    while (at < chunk.length || this.#frameBytes === 0) {
      const needed = (this.#frameBytes ?? sizeBytes) - this.#pending.length
      if (chunk.length - at < needed) {
        this.#pending.add(chunk.subarray(at))
        return
      }
      const whole = this.#pending.take(chunk.subarray(at, at + needed))
      at += needed
      if (this.#frameBytes === undefined) this.#frameBytes = this.#readSize(whole)
      else {
        this.#frameBytes = undefined
        yield whole
      }
    }
  }

  #readSize(bytes: Uint8Array): number {
    const size = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!
    if (size >= 0 && size <= this.#maxFrameBytes) return size
    const reason = size < 0 ? 'is negative' : `is above the limit of ${this.#maxFrameBytes} (maxFrameBytes)`
    this.#failure = new ProtocolError(`frame of ${size} bytes: the size ${reason}${hint(bytes)}`, '', 0)
    throw this.#failure
  }
}

/** What speaks another protocol usually shows in its first bytes. */
function hint(bytes: Uint8Array): string {
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return '; the bytes look like TLS on a connection without it'
  if (bytes[0] === 0x15 && bytes[1] === 0x03) return '; the bytes look like a TLS alert'
  const text = String.fromCharCode(...bytes)
  return /^(GET |POST|PUT |HEAD|HTTP)$/.test(text) ? '; the bytes look like HTTP' : ''
}

/** Bytes of an unfinished frame: large chunks as they came, small ones gathered in blocks of their own. */
class PendingBytes {
  length = 0
  #parts: Uint8Array[] = []
  #block: Uint8Array = new Uint8Array(0)
  #blockUsed = 0

  add(chunk: Uint8Array): void {
    this.length += chunk.length
    if (chunk.length >= smallChunkBytes) {
      this.#sealBlock()
      this.#parts.push(chunk)
      return
    }
    if (this.#blockUsed + chunk.length > this.#block.length) {
      this.#sealBlock()
      // The first block is small: most of what is pending is the start of a small frame.
      this.#block = new Uint8Array(this.length > smallChunkBytes ? gatherBytes : smallChunkBytes)
    }
    this.#block.set(chunk, this.#blockUsed)
    this.#blockUsed += chunk.length
  }

  /** What was added and `last` behind it, as one run of bytes, which is `last` itself when nothing was added. */
  take(last: Uint8Array): Uint8Array {
    if (this.length === 0) return last
    this.#sealBlock()
    const whole = new Uint8Array(this.length + last.length)
    let at = 0
    for (const part of this.#parts) {
      whole.set(part, at)
      at += part.length
    }
    whole.set(last, at)
    this.length = 0
    this.#parts = []
    this.#block = new Uint8Array(0)
    return whole
  }

  #sealBlock(): void {
    if (this.#blockUsed > 0) this.#parts.push(this.#block.subarray(0, this.#blockUsed))
    this.#block = this.#block.subarray(this.#blockUsed)
    this.#blockUsed = 0
  }
}

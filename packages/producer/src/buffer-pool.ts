/**
 * How much of `buffer.memory` is taken, and the buffers of earlier batches, which are used again: fresh memory costs the operating system
 * more than all that is written into it, and the garbage collector gives it back late. Kafka: `BufferPool`.
 */
export class BufferPool {
  readonly totalBytes: number
  /** Length of the usual buffer, that of a batch. */
  readonly bufferBytes: number
  #freeBytes: number
  /** Buffers that are not in use, by their lengths. */
  readonly #kept = new Map<number, Buffer[]>()
  #keptBytes = 0

  constructor(totalBytes: number, bufferBytes: number) {
    this.totalBytes = totalBytes
    this.bufferBytes = bufferBytes
    this.#freeBytes = totalBytes
  }

  /** Bytes that are not taken. */
  get freeBytes(): number {
    return this.#freeBytes
  }

  /** Takes bytes; false when there are not as many. */
  tryReserve(bytes: number): boolean {
    if (bytes > this.#freeBytes) return false
    this.#freeBytes -= bytes
    // What is kept counts as free, so it makes room for what is taken; one is left for whom it is taken for.
    for (const [length, buffers] of this.#kept) {
      while (this.#keptBytes - length > this.#freeBytes && buffers.pop() !== undefined) this.#keptBytes -= length
      if (buffers.length === 0) this.#kept.delete(length)
    }
    return true
  }

  /** Gives bytes back. */
  release(bytes: number): void {
    this.#freeBytes += bytes
    if (this.#freeBytes > this.totalBytes) throw new Error('more buffer memory was given back than was taken')
  }

  /** A buffer of an earlier batch with room for `bytes`; undefined when there is none. */
  takeKept(bytes: number): Buffer | undefined {
    const length = this.#lengthFor(bytes)
    const buffer = this.#kept.get(length)?.pop()
    if (buffer !== undefined) this.#keptBytes -= length
    return buffer
  }

  /** A buffer with room for `bytes`, of an earlier batch if there is one. */
  take(bytes: number): Buffer {
    return this.takeKept(bytes) ?? Buffer.allocUnsafeSlow(this.#lengthFor(bytes))
  }

  /** Keeps a buffer that nobody reads or writes any more, unless it was not taken from here or there are enough. */
  keep(buffer: Buffer): void {
    const { length } = buffer
    if (length !== this.#lengthFor(length) || this.#keptBytes > this.#freeBytes) return
    this.#keptBytes += length
    const buffers = this.#kept.get(length)
    if (buffers === undefined) this.#kept.set(length, [buffer])
    else buffers.push(buffer)
  }

  /** Large records differ a little, and their buffers fit each other when their lengths go in steps. */
  #lengthFor(bytes: number): number {
    if (bytes <= this.bufferBytes) return this.bufferBytes
    const step = Math.ceil(this.bufferBytes / 8)
    return Math.ceil(bytes / step) * step
  }
}

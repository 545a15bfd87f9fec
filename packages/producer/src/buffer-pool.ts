/**
 * How much of `buffer.memory` is taken, and the buffers of earlier batches, which are used again: fresh memory costs the operating system
 * more than all that is written into it. Kafka: `BufferPool`.
 */
export class BufferPool {
  readonly totalBytes: number
  /** Buffers of this size are kept, those of other sizes are left to the garbage collector. */
  readonly bufferBytes: number
  #freeBytes: number
  readonly #buffers: Buffer[] = []

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
    // What is kept counts as free, so it makes room for what is taken.
    while (this.#buffers.length * this.bufferBytes > this.#freeBytes && this.#buffers.length > 1) this.#buffers.pop()
    return true
  }

  /** Gives bytes back. */
  release(bytes: number): void {
    this.#freeBytes += bytes
    if (this.#freeBytes > this.totalBytes) throw new Error('more buffer memory was given back than was taken')
  }

  /** A buffer of an earlier batch; undefined when there is none. */
  takeBuffer(): Buffer | undefined {
    return this.#buffers.pop()
  }

  /** Keeps a buffer that nobody reads or writes any more. */
  keepBuffer(buffer: Buffer): void {
    if (buffer.length !== this.bufferBytes) return
    if ((this.#buffers.length + 1) * this.bufferBytes <= this.#freeBytes) this.#buffers.push(buffer)
  }
}

/** How much of `buffer.memory` is taken. Bytes are counted, not kept: every batch has a buffer of its own. Kafka: `BufferPool`. */
export class BufferPool {
  readonly totalBytes: number
  #freeBytes: number

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes
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
    return true
  }

  /** Gives bytes back. */
  release(bytes: number): void {
    this.#freeBytes += bytes
    if (this.#freeBytes > this.totalBytes) throw new Error('more buffer memory was given back than was taken')
  }
}

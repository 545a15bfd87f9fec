/** Below this memory anew costs no more than looking for some. */
const smallestBytes = 65_536
/** Kept for the next reads: as much as one fetch of eight partitions with Kafka's default limits takes. */
const mostSpareBytes = 8_388_608

/**
 * Memory for what fetches read from files. A consumer that reads from the beginning takes a megabyte per partition and fetch, and
 * the collector would find out only much later that it has been sent. So it comes back here as soon as it has left.
 *
 * Memory that never comes back, since its connection was closed or the read was made in vain, is left to the collector.
 */
export class ReadBuffers {
  readonly #lent = new WeakSet<ArrayBufferLike>()
  readonly #spares: ArrayBufferLike[] = []
  #spareBytes = 0

  /** Memory of at least `length` bytes, or undefined when it is better made anew. */
  take(length: number): Uint8Array | undefined {
    if (length < smallestBytes || length > mostSpareBytes) return undefined
    const index = this.#spares.findIndex(({ byteLength }) => byteLength >= length)
    const buffer = index < 0 ? allocate(length) : this.#spares.splice(index, 1)[0]!
    if (index >= 0) this.#spareBytes -= buffer.byteLength
    this.#lent.add(buffer)
    return new Uint8Array(buffer)
  }

  /** Takes chunks back that nobody reads any more. Chunks that are not views of lent memory are passed over. */
  give(chunks: readonly Uint8Array[]): void {
    for (const { buffer } of chunks) {
      if (!this.#lent.delete(buffer)) continue
      this.#spares.push(buffer)
      this.#spareBytes += buffer.byteLength
    }
    while (this.#spareBytes > mostSpareBytes) this.#spareBytes -= this.#spares.shift()!.byteLength
  }
}

/** Rounded up, so that reads of about the same length find it again. */
function allocate(length: number): ArrayBuffer {
  return new ArrayBuffer(Math.ceil(length / smallestBytes) * smallestBytes)
}

import type { RecordBatchView } from '@odradek/protocol'

const smallestSlabBytes = 4096
const largestSlabBytes = 262_144
/** Buffers kept for the next slabs: 4 MiB. */
const mostSpares = 16
/** One place to start reading from for about so many bytes. */
const markBytes = 2048

/** A run of batches in memory. Bytes are only ever added behind `used`, so what was handed out stays as it is. */
interface Slab {
  readonly owner: PartitionTail
  readonly bytes: Buffer
  used: number
  /** A reader was given a view of the bytes, which it may still be sending. */
  lent: boolean
  readonly firstOffset: number
  /** The offset after the last batch. */
  endOffset: number
  /** Base offsets of some batches, and where they start. */
  readonly markOffsets: number[]
  readonly markPositions: number[]
}

/**
 * The newest batches of all partitions, kept in memory so that consumers and followers that keep up are served without a read.
 * One budget holds for all partitions together: what was written longest ago goes first.
 */
export class TailCache {
  readonly #maxBytes: number
  readonly #maxPartitionBytes: number
  /** All slabs, in the order they were made. */
  readonly #slabs = new Set<Slab>()
  /** Buffers nobody else has a view of. With them a log that is only written needs no memory anew, and the collector has rest. */
  readonly #spares: Buffer[] = []
  #bytes = 0

  /** `maxBytes` for all partitions, `maxPartitionBytes` for each; 0 keeps nothing. */
  constructor(options: { readonly maxBytes: number; readonly maxPartitionBytes: number }) {
    this.#maxBytes = options.maxBytes
    this.#maxPartitionBytes = Math.min(options.maxPartitionBytes, options.maxBytes)
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.#bytes
  }

  /** The tail of one more partition. */
  partition(): PartitionTail {
    return new PartitionTail(this, this.#maxPartitionBytes)
  }

  /** Makes a slab of at least `length` bytes and pushes old ones out. */
  allocate(owner: PartitionTail, length: number, firstOffset: number): Slab {
    const size = Math.max(length, Math.min(largestSlabBytes, Math.max(smallestSlabBytes, owner.bytes)))
    const slab: Slab = {
      owner,
      bytes: (size === largestSlabBytes ? this.#spares.pop() : undefined) ?? Buffer.allocUnsafeSlow(size),
      used: 0,
      lent: false,
      firstOffset,
      endOffset: firstOffset,
      markOffsets: [],
      markPositions: [],
    }
    this.#slabs.add(slab)
    this.#bytes += size
    for (const oldest of this.#slabs) {
      if (this.#bytes <= this.#maxBytes || oldest === slab) break
      oldest.owner.drop(oldest)
    }
    return slab
  }

  /** Counts a slab that its partition dropped. */
  released(slab: Slab): void {
    this.#slabs.delete(slab)
    this.#bytes -= slab.bytes.length
    const isSpare = !slab.lent && slab.bytes.length === largestSlabBytes && this.#spares.length < mostSpares
    if (isSpare) this.#spares.push(slab.bytes)
  }
}

/** The newest batches of one partition. */
export class PartitionTail {
  readonly #cache: TailCache
  readonly #maxBytes: number
  #slabs: Slab[] = []
  #bytes = 0

  constructor(cache: TailCache, maxBytes: number) {
    this.#cache = cache
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Base offset of the first batch held; undefined when none is. */
  get firstOffset(): number | undefined {
    return this.#slabs[0]?.firstOffset
  }

  /** Copies written batches in. They follow what is held, or what is held is dropped. */
  append(batches: readonly RecordBatchView[]): void {
    for (const batch of batches) this.#append(batch)
  }

  /**
   * The batches from the one that holds `offset` on: at most `maxBytes` (but the first one whatever its size when
   * `minOneMessage`), none that reaches `limitOffset`. Undefined when the batch at `offset` is not held.
   */
  read(options: {
    readonly offset: number
    readonly limitOffset: number
    readonly maxBytes: number
    readonly minOneMessage: boolean
  }): Uint8Array[] | undefined {
    const { offset, limitOffset, minOneMessage } = options
    const first = this.firstOffset
    if (first === undefined || offset < first) return undefined
    const chunks: Uint8Array[] = []
    let left = options.maxBytes
    for (const slab of this.#slabs) {
      if (slab.endOffset <= offset) continue
      const start = chunks.length === 0 ? positionOf(slab, offset) : 0
      const end = endWithin(slab, start, {
        limitOffset,
        maxBytes: left,
        minOneMessage: minOneMessage && chunks.length === 0,
      })
      if (end > start) {
        slab.lent = true
        chunks.push(slab.bytes.subarray(start, end))
      }
      left -= end - start
      if (end < slab.used) break
    }
    return chunks
  }

  /** Forgets the batches before `offset`, as far as whole slabs go, and the slab it lies in. */
  dropBefore(offset: number): void {
    while (this.#slabs[0] !== undefined && this.#slabs[0].firstOffset < offset) this.drop(this.#slabs[0])
  }

  /** Forgets everything. */
  clear(): void {
    for (const slab of [...this.#slabs]) this.drop(slab)
  }

  /** Forgets a slab and those before it. */
  drop(slab: Slab): void {
    const index = this.#slabs.indexOf(slab)
    for (const dropped of this.#slabs.splice(0, index + 1)) {
      this.#bytes -= dropped.bytes.length
      this.#cache.released(dropped)
    }
  }

  #append(batch: RecordBatchView): void {
    const { sizeInBytes, baseOffset } = batch
    const last = this.#slabs.at(-1)
    if (sizeInBytes > this.#maxBytes || (last !== undefined && baseOffset < last.endOffset)) {
      this.clear()
      return
    }
    let slab = last
    if (slab === undefined || slab.used + sizeInBytes > slab.bytes.length) {
      slab = this.#cache.allocate(this, sizeInBytes, baseOffset)
      this.#slabs.push(slab)
      this.#bytes += slab.bytes.length
      while (this.#bytes > this.#maxBytes && this.#slabs.length > 1) this.drop(this.#slabs[0] as Slab)
    }
    const lastMark = slab.markPositions.at(-1)
    if (lastMark === undefined || slab.used - lastMark >= markBytes) {
      slab.markOffsets.push(baseOffset)
      slab.markPositions.push(slab.used)
    }
    slab.bytes.set(batch.bytes.subarray(batch.start, batch.start + sizeInBytes), slab.used)
    slab.used += sizeInBytes
    slab.endOffset = batch.nextOffset
  }
}

/** Where the batch starts that holds `offset`, or the first one after it. */
function positionOf(slab: Slab, offset: number): number {
  let low = 0
  let high = slab.markOffsets.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (slab.markOffsets[middle]! <= offset) low = middle + 1
    else high = middle
  }
  let position = low === 0 ? 0 : slab.markPositions[low - 1]!
  while (position < slab.used && lastOffsetAt(slab.bytes, position) < offset) position += sizeAt(slab.bytes, position)
  return position
}

function endWithin(
  slab: Slab,
  start: number,
  limits: { readonly limitOffset: number; readonly maxBytes: number; readonly minOneMessage: boolean },
): number {
  const { limitOffset, maxBytes, minOneMessage } = limits
  // The usual case: all of the slab is wanted.
  if (slab.endOffset <= limitOffset && slab.used - start <= maxBytes) return slab.used
  let end = start
  while (end < slab.used) {
    const next = end + sizeAt(slab.bytes, end)
    if (lastOffsetAt(slab.bytes, end) >= limitOffset) break
    if (next - start > maxBytes && !(minOneMessage && end === start)) break
    end = next
  }
  return end
}

function sizeAt(bytes: Buffer, position: number): number {
  return 12 + bytes.readInt32BE(position + 8)
}

function lastOffsetAt(bytes: Buffer, position: number): number {
  const baseOffset = bytes.readInt32BE(position) * 0x1_0000_0000 + bytes.readUInt32BE(position + 4)
  return baseOffset + bytes.readInt32BE(position + 23)
}

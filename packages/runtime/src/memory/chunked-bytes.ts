/**
 * The content of one file in memory: blocks one after the other, so that growth never copies what is there. Blocks double in size
 * from small (a broker has thousands of nearly empty files) to large.
 *
 * A read inside one block is a view of it. So that a view never changes under its reader, bytes that were handed out are not
 * written again: truncation closes the last block, and an overwrite replaces a block that has been read from.
 */
const smallestBlock = 1024
const largestBlock = 1024 * 1024
/** Reads up to this length are copied: a view would keep its whole block in memory for a few bytes. */
const copiedRead = 2048

interface Block {
  readonly start: number
  bytes: Uint8Array
  used: number
  /** A reader may hold a view of the bytes. */
  shared: boolean
}

export class ChunkedBytes {
  readonly #blocks: Block[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  append(chunk: Uint8Array): void {
    let done = 0
    while (done < chunk.length) {
      let block = this.#blocks.at(-1)
      if (block === undefined || block.used === block.bytes.length) block = this.#addBlock(chunk.length - done)
      const count = Math.min(block.bytes.length - block.used, chunk.length - done)
      block.bytes.set(done === 0 && count === chunk.length ? chunk : chunk.subarray(done, done + count), block.used)
      block.used += count
      this.#length += count
      done += count
    }
  }

  /** Overwrites and extends; a gap between the end and `position` is filled with zeros. */
  write(position: number, chunk: Uint8Array): void {
    if (position > this.#length) this.append(new Uint8Array(position - this.#length))
    let done = 0
    for (let index = this.#find(position); done < chunk.length && index < this.#blocks.length; index++) {
      const block = this.#blocks[index]!
      const offset = position + done - block.start
      const count = Math.min(block.used - offset, chunk.length - done)
      if (count <= 0) continue
      if (block.shared) replace(block)
      block.bytes.set(chunk.subarray(done, done + count), offset)
      done += count
    }
    if (done < chunk.length) this.append(chunk.subarray(done))
  }

  read(position: number, length: number): Uint8Array {
    const end = Math.min(this.#length, position + length)
    if (end <= position) return new Uint8Array(0)
    const index = this.#find(position)
    const block = this.#blocks[index]!
    const offset = position - block.start
    if (end - block.start > block.used) return this.#gather(index, position, end)
    if (end - position <= copiedRead) return block.bytes.slice(offset, end - block.start)
    block.shared = true
    return block.bytes.subarray(offset, end - block.start)
  }

  /** Shortens, or lengthens with zeros. */
  truncate(size: number): void {
    if (size >= this.#length) {
      if (size > this.#length) this.append(new Uint8Array(size - this.#length))
      return
    }
    while (this.#blocks.length > 0 && this.#blocks.at(-1)!.start >= size) this.#blocks.pop()
    const last = this.#blocks.at(-1)
    if (last !== undefined) {
      last.used = size - last.start
      if (last.shared) last.bytes = last.bytes.subarray(0, last.used)
    }
    this.#length = size
  }

  #addBlock(needed: number): Block {
    const wanted = Math.max(smallestBlock, Math.min(largestBlock, this.#length))
    // A chunk that is larger than a block gets a block of its own size, so that it reads back as one view.
    const bytes = new Uint8Array(Math.max(wanted, needed))
    const block: Block = { start: this.#length, bytes, used: 0, shared: false }
    this.#blocks.push(block)
    return block
  }

  /** Index of the block that holds the position; the number of blocks when it lies at the end or beyond. */
  #find(position: number): number {
    if (position >= this.#length) return this.#blocks.length
    let low = 0
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#blocks[middle]!.start <= position) low = middle
      else high = middle - 1
    }
    return low
  }

  #gather(from: number, position: number, end: number): Uint8Array {
    const target = new Uint8Array(end - position)
    let filled = 0
    for (let index = from; filled < target.length; index++) {
      const block = this.#blocks[index]!
      const part = block.bytes.subarray(position + filled - block.start, Math.min(block.used, end - block.start))
      target.set(part, filled)
      filled += part.length
    }
    return target
  }
}

function replace(block: Block): void {
  const bytes = new Uint8Array(block.bytes.length)
  bytes.set(block.bytes.subarray(0, block.used))
  block.bytes = bytes
  block.shared = false
}

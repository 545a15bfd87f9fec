const hashWords = 4
const initialSlots = 4096
/** Share of the slots that may be taken: Kafka's `log.cleaner.io.buffer.load.factor`. */
const loadFactor = 0.9

/**
 * The last offset of each key in the part of a log that compaction goes over (Kafka's `SkimpyOffsetMap`). Keys are held as 128-bit
 * hashes, so a key takes 24 bytes whatever its length. Memory grows with the keys up to a bound; when that is reached, the round
 * of compaction ends there.
 */
export class OffsetMap {
  readonly #maxSlots: number
  #slots = 0
  #hashes = new Uint32Array(0)
  /** -1 in an empty slot. */
  #offsets = new Float64Array(0)
  #size = 0
  /** The hash of the key in hand. */
  readonly #hash = new Uint32Array(hashWords)
  /** The offset up to which the log is in the map. */
  latestOffset = -1

  /** `maxBytes` bounds the memory: Kafka's `log.cleaner.dedupe.buffer.size`. */
  constructor(maxBytes: number) {
    this.#maxSlots = Math.max(2, Math.floor(maxBytes / (hashWords * 4 + 8)))
    this.#allocate(Math.min(initialSlots, this.#maxSlots))
  }

  /** How many keys are in the map. */
  get size(): number {
    return this.#size
  }

  /** How many keys the map takes at most. */
  get capacity(): number {
    return Math.floor(this.#maxSlots * loadFactor)
  }

  /** Notes the key's offset, replacing a former one; false when the map is full. */
  put(key: Uint8Array, offset: number): boolean {
    if (this.#size >= this.capacity) return false
    if (this.#size >= Math.floor(this.#slots * loadFactor)) this.#grow()
    murmur3(key, this.#hash)
    const slot = this.#find()
    if (this.#offsets[slot] === -1) {
      this.#hashes.set(this.#hash, slot * hashWords)
      this.#size++
    }
    this.#offsets[slot] = offset
    return true
  }

  /** The key's last offset; -1 when it is not in the map. */
  get(key: Uint8Array): number {
    murmur3(key, this.#hash)
    return this.#offsets[this.#find()]!
  }

  /** The slot that has the hash in hand, or the empty one where it belongs. */
  #find(): number {
    const hash = this.#hash
    const a = hash[0]!
    const b = hash[1]!
    const c = hash[2]!
    const d = hash[3]!
    const hashes = this.#hashes
    for (let slot = a % this.#slots; ; slot = slot + 1 === this.#slots ? 0 : slot + 1) {
      if (this.#offsets[slot] === -1) return slot
      const at = slot * hashWords
      if (hashes[at] === a && hashes[at + 1] === b && hashes[at + 2] === c && hashes[at + 3] === d) return slot
    }
  }

  #grow(): void {
    const hashes = this.#hashes
    const offsets = this.#offsets
    this.#allocate(Math.min(this.#slots * 2, this.#maxSlots))
    for (const [slot, offset] of offsets.entries()) {
      if (offset === -1) continue
      this.#hash.set(hashes.subarray(slot * hashWords, (slot + 1) * hashWords))
      const target = this.#find()
      this.#hashes.set(this.#hash, target * hashWords)
      this.#offsets[target] = offset
    }
  }

  #allocate(slots: number): void {
    this.#slots = slots
    this.#hashes = new Uint32Array(slots * hashWords)
    this.#offsets = new Float64Array(slots).fill(-1)
  }
}

/** A 128-bit hash in the manner of MurmurHash3 for 32-bit machines, into `hash`; the last block is filled up with zeros. */
function murmur3(bytes: Uint8Array, hash: Uint32Array): void {
  let h1 = 0
  let h2 = 0
  let h3 = 0
  let h4 = 0
  const { length } = bytes
  for (let at = 0; at < length; at += 16) {
    h1 ^= Math.imul(rotate(Math.imul(word(bytes, at), 0x239b961b), 15), 0xab0e9789)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(word(bytes, at + 4), 0xab0e9789), 16), 0x38b34ae5)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(word(bytes, at + 8), 0x38b34ae5), 17), 0xa1e38b93)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(word(bytes, at + 12), 0xa1e38b93), 18), 0x239b961b)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = mix(h1)
  h2 = mix(h2)
  h3 = mix(h3)
  h4 = mix(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  hash[0] = h1
  hash[1] = h2 + h1
  hash[2] = h3 + h1
  hash[3] = h4 + h1
}

/** Four bytes, little endian; what lies beyond the end counts as zero. */
function word(bytes: Uint8Array, at: number): number {
  if (at + 4 <= bytes.length) {
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  }
  let value = 0
  for (let i = 0; at + i < bytes.length; i++) value |= bytes[at + i]! << (8 * i)
  return value
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function mix(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/**
 * XXH3, 64 bits, seed 0 and the default secret: the hash by which Kafka's group coordinator notices that topics have changed.
 * Consumer groups keep it in their records, so it has to be Kafka's. Plain bigint arithmetic: it runs when topics change, not when
 * members beat. (The algorithm: github.com/Cyan4973/xxHash, doc/xxhash_spec.md.)
 */
const mask = 0xffff_ffff_ffff_ffffn
const mask32 = 0xffff_ffffn

const prime32x1 = 0x9e3779b1n
const prime32x2 = 0x85ebca77n
const prime32x3 = 0xc2b2ae3dn
const prime64x1 = 0x9e3779b185ebca87n
const prime64x2 = 0xc2b2ae3d27d4eb4fn
const prime64x3 = 0x165667b19e3779f9n
const prime64x4 = 0x85ebca77c2b2ae63n
const prime64x5 = 0x27d4eb2f165667c5n
const primeMx1 = 0x165667919e3779f9n
const primeMx2 = 0x9fb21c651e98df25n

const secretHex =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221' +
  'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
  'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb' +
  '170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e'
const secretBytes = Buffer.from(secretHex, 'hex')

const stripeBytes = 64
const stripesPerBlock = (secretBytes.length - stripeBytes) / 8
const blockBytes = stripeBytes * stripesPerBlock

/** The hash of `bytes` as an unsigned number. */
export function xxh3(bytes: Uint8Array): bigint {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { length } = input
  if (length <= 16) return ofAtMost16(input)
  if (length <= 128) return ofAtMost128(input)
  if (length <= 240) return ofAtMost240(input)
  return ofLong(input)
}

function secret(at: number): bigint {
  return secretBytes.readBigUInt64LE(at)
}

function ofAtMost16(input: Buffer): bigint {
  const { length } = input
  if (length === 0) return avalanche64(secret(56) ^ secret(64))
  if (length <= 3) {
    const combined = (input[0]! << 16) | (input[length >> 1]! << 24) | input[length - 1]! | (length << 8)
    const flip = BigInt(secretBytes.readUInt32LE(0) ^ secretBytes.readUInt32LE(4))
    return avalanche64((BigInt(combined) ^ flip) & mask32)
  }
  if (length <= 8) {
    const low = BigInt(input.readUInt32LE(0))
    const high = BigInt(input.readUInt32LE(length - 4))
    return mixShort((high + (low << 32n)) ^ secret(8) ^ secret(16), BigInt(length))
  }
  const low = input.readBigUInt64LE(0) ^ secret(24) ^ secret(32)
  const high = input.readBigUInt64LE(length - 8) ^ secret(40) ^ secret(48)
  return avalanche((BigInt(length) + swapBytes(low) + high + multiplyFold(low, high)) & mask)
}

function ofAtMost128(input: Buffer): bigint {
  const { length } = input
  let hash = BigInt(length) * prime64x1
  // From the middle outwards, one pair of 16 byte runs for each begun 32 bytes.
  for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--) {
    hash += mix16(input, pair * 16, pair * 32)
    hash += mix16(input, length - 16 * (pair + 1), pair * 32 + 16)
  }
  return avalanche(hash & mask)
}

function ofAtMost240(input: Buffer): bigint {
  const { length } = input
  let hash = BigInt(length) * prime64x1
  for (let round = 0; round < 8; round++) hash += mix16(input, round * 16, round * 16)
  hash = avalanche(hash & mask)
  for (let round = 8; round < Math.floor(length / 16); round++) hash += mix16(input, round * 16, (round - 8) * 16 + 3)
  hash += mix16(input, length - 16, 136 - 17)
  return avalanche(hash & mask)
}

function ofLong(input: Buffer): bigint {
  const { length } = input
  const lanes = [prime32x3, prime64x1, prime64x2, prime64x3, prime64x4, prime32x2, prime64x5, prime32x1]
  const blocks = Math.floor((length - 1) / blockBytes)
  for (let block = 0; block < blocks; block++) {
    for (let stripe = 0; stripe < stripesPerBlock; stripe++)
      accumulate(lanes, input, { at: block * blockBytes + stripe * stripeBytes, secretAt: stripe * 8 })
    scramble(lanes)
  }
  const rest = Math.floor((length - 1 - blocks * blockBytes) / stripeBytes)
  for (let stripe = 0; stripe < rest; stripe++)
    accumulate(lanes, input, { at: blocks * blockBytes + stripe * stripeBytes, secretAt: stripe * 8 })
  accumulate(lanes, input, { at: length - stripeBytes, secretAt: secretBytes.length - stripeBytes - 7 })
  let hash = BigInt(length) * prime64x1
  for (let pair = 0; pair < 4; pair++) {
    const at = 11 + pair * 16
    hash += multiplyFold(lanes[pair * 2]! ^ secret(at), lanes[pair * 2 + 1]! ^ secret(at + 8))
  }
  return avalanche(hash & mask)
}

function accumulate(lanes: bigint[], input: Buffer, { at, secretAt }: { at: number; secretAt: number }): void {
  for (let lane = 0; lane < 8; lane++) {
    const data = input.readBigUInt64LE(at + lane * 8)
    const key = data ^ secret(secretAt + lane * 8)
    lanes[lane ^ 1] = (lanes[lane ^ 1]! + data) & mask
    lanes[lane] = (lanes[lane]! + (key & mask32) * (key >> 32n)) & mask
  }
}

function scramble(lanes: bigint[]): void {
  for (let lane = 0; lane < 8; lane++) {
    const value = lanes[lane]!
    const mixed = value ^ (value >> 47n) ^ secret(secretBytes.length - stripeBytes + lane * 8)
    lanes[lane] = (mixed * prime32x1) & mask
  }
}

function mix16(input: Buffer, at: number, secretAt: number): bigint {
  return multiplyFold(
    input.readBigUInt64LE(at) ^ secret(secretAt),
    input.readBigUInt64LE(at + 8) ^ secret(secretAt + 8),
  )
}

function multiplyFold(a: bigint, b: bigint): bigint {
  const product = a * b
  return (product & mask) ^ (product >> 64n)
}

function mixShort(keyed: bigint, length: bigint): bigint {
  let hash = keyed ^ rotate(keyed, 49n) ^ rotate(keyed, 24n)
  hash = (hash * primeMx2) & mask
  hash ^= (hash >> 35n) + length
  hash = (hash * primeMx2) & mask
  return hash ^ (hash >> 28n)
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & mask
}

function swapBytes(value: bigint): bigint {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes.readBigUInt64BE(0)
}

function avalanche(value: bigint): bigint {
  const hash = ((value ^ (value >> 37n)) * primeMx1) & mask
  return hash ^ (hash >> 32n)
}

function avalanche64(value: bigint): bigint {
  let hash = ((value ^ (value >> 33n)) * prime64x2) & mask
  hash = ((hash ^ (hash >> 29n)) * prime64x3) & mask
  return hash ^ (hash >> 32n)
}

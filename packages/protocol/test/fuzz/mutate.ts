import type { SeededRandom } from './seeded-random.ts'

type Mutation = (bytes: Uint8Array, random: SeededRandom) => Uint8Array

/** Every way in which bytes are spoiled. */
const mutations: readonly Mutation[] = [
  truncate,
  (bytes, random) => splice(bytes, { start: bytes.length, inserted: noise(1 + random.nextInt(16), random) }),
  (bytes, random) => overwrite(bytes, random, [random.nextInt(256)]),
  (bytes, random) => overwrite(bytes, random, [(bytes[random.nextInt(bytes.length)] ?? 0) ^ (1 << random.nextInt(8))]),
  // Lengths and counts: far too large, negative, and varints that never end.
  (bytes, random) => overwrite(bytes, random, [0x7f, 0xff, 0xff, 0xff]),
  (bytes, random) => overwrite(bytes, random, [0xff, 0xff, 0xff, 0xfe]),
  (bytes, random) => overwrite(bytes, random, [0xff, 0xff, 0xff, 0xff, 0x0f]),
  (bytes, random) => overwrite(bytes, random, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]),
  (bytes, random) => overwrite(bytes, random, [0x80, 0x80, 0x00]),
  (bytes, random) =>
    splice(bytes, { start: random.nextInt(bytes.length + 1), inserted: noise(1 + random.nextInt(4), random) }),
  (bytes, random) => splice(bytes, { start: random.nextInt(bytes.length + 1), removed: 1 + random.nextInt(8) }),
  (_, random) => noise(random.nextInt(200), random),
]

/** A spoiled copy of `bytes`: one to three mutations, one after the other. */
export function mutate(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  let mutated = bytes
  for (let left = 1 + random.nextInt(3); left > 0; left--) mutated = random.pick(mutations)(mutated, random)
  return mutated
}

function truncate(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  return bytes.slice(0, random.nextInt(bytes.length + 1))
}

function overwrite(bytes: Uint8Array, random: SeededRandom, values: readonly number[]): Uint8Array {
  const copy = bytes.slice()
  const start = random.nextInt(bytes.length + 1)
  copy.set(values.slice(0, bytes.length - start), start)
  return copy
}

interface Splice {
  readonly start: number
  readonly removed?: number
  readonly inserted?: Uint8Array
}

function splice(bytes: Uint8Array, { start, removed = 0, inserted = new Uint8Array(0) }: Splice): Uint8Array {
  return Uint8Array.of(...bytes.subarray(0, start), ...inserted, ...bytes.subarray(start + removed))
}

function noise(length: number, random: SeededRandom): Uint8Array {
  return Uint8Array.from({ length }, () => random.nextInt(256))
}

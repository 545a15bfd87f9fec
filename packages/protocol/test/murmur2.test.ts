import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { murmur2 } from '../src/index.ts'

interface Murmur2Vector {
  readonly keyHex: string
  readonly murmur2: number
  readonly partition: Readonly<Record<string, number>>
}

const vectors = readFileSync(new URL('./vectors/murmur2.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Murmur2Vector)

test.each(vectors)('the hash of "$keyHex" is $murmur2, as in Kafka', ({ keyHex, murmur2: hash, partition }) => {
  const actual = murmur2(new Uint8Array(Buffer.from(keyHex, 'hex')))
  expect(actual).toBe(hash)
  const partitions = Object.keys(partition).map((count) => [count, (actual & 0x7fffffff) % Number(count)])
  expect(Object.fromEntries(partitions)).toEqual(partition)
})

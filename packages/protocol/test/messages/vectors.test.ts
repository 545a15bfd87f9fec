import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../src/index.ts'
import { fromJson, toJson } from '../../src/json/index.ts'
import { allMessageTypes, messageType } from '../../src/lookup.ts'
import { type MessageVector, messageVectors } from './message-vectors.ts'

const vectors = messageVectors()
const byName = groupBy(vectors, ({ name }) => name)

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function typeOf({ name }: MessageVector) {
  const type = messageType(name)
  if (type === undefined) throw new Error(`no message is called ${name}`)
  return type
}

describe('golden vectors of Apache Kafka', () => {
  test('there are three values of every version of every message', () => {
    const counted = [...groupBy(vectors, ({ name, version }) => `${name} ${version}`)].map(([id, of]) => [
      id,
      of.length,
    ])
    const expected = allMessageTypes().flatMap(({ name, minVersion, maxVersion }) =>
      Array.from({ length: maxVersion - minVersion + 1 }, (_, index) => `${name} ${minVersion + index}`),
    )
    expect(counted.map(([id]) => id).sort()).toEqual(expected.sort())
    expect(new Set(counted.map(([, count]) => count))).toEqual(new Set([3]))
  })

  test.each([...byName.keys()])('%s is read and written byte for byte in every version', (name) => {
    for (const vector of byName.get(name) ?? []) {
      const value = decode(typeOf(vector), vector.bytes, vector.version)
      expect(hex(encode(typeOf(vector), value, vector.version))).toBe(hex(vector.bytes))
    }
  })

  test.each([...byName.keys()])('%s is the JSON that Kafka gives, and comes back from it byte for byte', (name) => {
    for (const { version, value, bytes } of byName.get(name) ?? []) {
      expect(toJson(name, version, bytes)).toEqual(value)
      expect(hex(fromJson(name, version, value))).toBe(hex(bytes))
    }
  })
})

function groupBy(
  all: readonly MessageVector[],
  keyOf: (vector: MessageVector) => string,
): Map<string, MessageVector[]> {
  const groups = new Map<string, MessageVector[]>()
  for (const vector of all) groups.set(keyOf(vector), [...(groups.get(keyOf(vector)) ?? []), vector])
  return groups
}

import { expect, test } from 'vitest'
import { printedDeserializer } from '../../src/console/printed-deserializers.ts'

test.each([
  ['IntegerDeserializer', [0, 0, 1, 0], '256'],
  ['LongDeserializer', [255, 255, 255, 255, 255, 255, 255, 255], '-1'],
  ['DoubleDeserializer', [0x40, 0, 0, 0, 0, 0, 0, 0], '2.0'],
  ['FloatDeserializer', [0x3d, 0xcc, 0xcc, 0xcd], '0.1'],
  ['BooleanDeserializer', [1], 'true'],
  ['BytesDeserializer', [65, 0, 92], 'A\\x00\\x5C'],
])('%s prints %j as Java does', (name, bytes, printed) => {
  const deserialize = printedDeserializer(`org.apache.kafka.common.serialization.${name}`)
  expect(deserialize(Uint8Array.from(bytes))).toBe(printed)
})

import { expect, test } from 'vitest'
import { boolean, ConfigTable, int, nearestName, oneOf, readProperties, refused } from '../src/index.ts'

const table = new ConfigTable(
  {
    'linger.ms': int(5, 'How long to wait.', { min: 0 }),
    'enable.idempotence': boolean(true, 'Once only.'),
    'compression.type': oneOf(['none', 'lz4'], 'none', { doc: 'How.' }),
    'send.buffer.bytes': refused('Node decides'),
  },
  ['clock'],
)

test('a row gives an option in camelCase, its default, and whether it was given', () => {
  const { values, isSet } = table.parse({ lingerMs: 5, clock: {} })
  expect(values).toEqual({ lingerMs: 5, enableIdempotence: true, compressionType: 'none' })
  expect([isSet('lingerMs'), isSet('enableIdempotence')]).toEqual([true, false])
})

test('an option that is undefined is not given', () => {
  expect(table.parse({ lingerMs: undefined }).isSet('lingerMs')).toBe(false)
})

test('the documentation has every row, taken or refused', () => {
  expect(table.toMarkdown()).toBe(`| option | default | what it is |
| --- | --- | --- |
| \`lingerMs\` (number, 0 or more) | \`5\` | How long to wait. |
| \`enableIdempotence\` (boolean) | \`true\` | Once only. |
| \`compressionType\` (none \\| lz4) | \`none\` | How. |

| config of Kafka | why it is refused |
| --- | --- |
| \`send.buffer.bytes\` | Node decides |`)
})

test.each([
  { name: 'lingerMS', nearest: 'lingerMs' },
  { name: 'lingerms', nearest: 'lingerMs' },
  { name: 'batchSiez', nearest: 'batchSize' },
  { name: 'somethingElse', nearest: undefined },
])('the nearest match of $name is $nearest', ({ name, nearest }) => {
  expect(nearestName(name, ['lingerMs', 'batchSize', 'acks'])).toBe(nearest)
})

test('properties are read as Java reads them', () => {
  expect([...readProperties('a=1\n! b=2\n# c\n d : 3 \ne\\=f g\nlong=one\\\n  two\nu=\\u0041\\t')]).toEqual([
    ['a', '1'],
    ['d', '3 '],
    ['e=f', 'g'],
    ['long', 'onetwo'],
    ['u', 'A\t'],
  ])
})

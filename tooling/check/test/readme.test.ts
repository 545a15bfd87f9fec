import { expect, test } from 'vitest'
import { compatibilityTable } from '../src/readme/compatibility-table.ts'
import { fillMarkers } from '../src/readme/fill-markers.ts'
import { packageTable } from '../src/readme/package-table.ts'

test('the compatibility table tells what Kafka serves, what is encoded and what the broker answers', () => {
  const apis = [
    { key: 0, name: 'Produce', minVersion: 3, maxVersion: 13, latestVersionUnstable: false },
    { key: 1, name: 'Fetch', minVersion: 4, maxVersion: 19, latestVersionUnstable: true },
  ]
  const files = { schemas: ['00-produce.schema', '01-fetch.schema'], handlers: ['00-produce.ts', 'refusals.ts'] }
  expect(compatibilityTable(apis, files).split('\n')).toEqual([
    'Of the 2 APIs of Apache Kafka 4.4 the codec knows 2 and the broker answers 1.',
    '',
    '<details>',
    '<summary>Every API</summary>',
    '',
    '| key | API | versions | codec | broker |',
    '| ---: | --- | --- | --- | --- |',
    '| 0 | Produce | 3-13 | yes | yes |',
    '| 1 | Fetch | 4-18 | yes | no |',
    '',
    '</details>',
  ])
})

test('the package table is in the order of the layers', () => {
  const packages = ['log', 'server', 'protocol'].map((directory) => ({
    directory,
    name: `@odradek/${directory}`,
    description: `a ${directory}`,
  }))
  expect(packageTable(packages).split('\n').slice(2)).toEqual([
    '| L0 | [@odradek/protocol](packages/protocol) | a protocol |',
    '| L2 | [@odradek/log](packages/log) | a log |',
    '| L4 | [@odradek/server](packages/server) | a server |',
  ])
})

test('what stands between markers is replaced, and a missing marker is an error', () => {
  expect(fillMarkers('a\n<!-- x -->\nold\n<!-- /x -->\nb\n', 'x', 'new')).toBe(
    'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n',
  )
  expect(() => fillMarkers('a\n<!-- x -->\n', 'x', 'new')).toThrow('expected <!-- x --> and, after it, <!-- /x -->')
})

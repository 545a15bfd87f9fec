import { describe, expect, test } from 'vitest'
import { editDistance, nearestName } from '../src/nearest-name.ts'

describe('the nearest name is found by insertions, deletions, replacements and swaps', () => {
  test.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['log.retension.ms', 'log.retention.ms', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ] as const)('%j and %j are %d apart', (a, b, distance) => {
    expect([editDistance(a, b), editDistance(b, a)]).toEqual([distance, distance])
  })
})

test.each([
  ['num.partition', 'num.partitions'],
  ['LOG.DIRS', 'log.dirs'],
  ['something.else.entirely', undefined],
] as const)('who writes %s may mean %s', (name, nearest) => {
  expect(nearestName(name, ['log.dirs', 'log.dir', 'num.partitions', 'num.io.threads'])).toBe(nearest)
})

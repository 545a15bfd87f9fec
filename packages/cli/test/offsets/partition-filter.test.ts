import { expect, test } from 'vitest'
import { partitionRules } from '../../src/offsets/partition-filter.ts'

const partitions = [0, 1, 2, 3, 4]

test.each([
  ['orders', [0, 1, 2, 3, 4]],
  ['orders:1', [1]],
  ['orders:1-3', [1, 2]],
  ['orders:3-', [3, 4]],
  ['orders:-2', [0, 1]],
  [':2', [2]],
  ['ord.*:0,orders:4', [0, 4]],
  ['payments:1', []],
])('%s names partitions %j of orders', (rules, expected) => {
  const filter = partitionRules(rules)
  expect(partitions.filter((partition) => filter.isPartitionAllowed('orders', partition))).toEqual(expected)
})

test('a rule that is none is refused', () => {
  expect(() => partitionRules('orders:x')).toThrow('Invalid rule specification: orders:x')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PartitionProgress } from '../../src/streams/run/partition-progress.ts'

const orders = { topic: 'orders', partition: 0 }

test('progress stops before the first piece that is not done', () => {
  const progress = new PartitionProgress(orders)
  const ends = [0, 1, 2].map((offset) => progress.begin({ offset, next: { offset: offset + 1, leaderEpoch: 5 } }))
  ends[1]!()
  expect([progress.advance(), progress.pending, progress.firstPending]).toEqual([undefined, 3, 0])
  ends[0]!()
  expect([progress.advance(), progress.pending, progress.firstPending]).toEqual([{ offset: 2, leaderEpoch: 5 }, 1, 2])
  ends[2]!()
  expect([progress.advance(), progress.pending, progress.firstPending]).toEqual([
    { offset: 3, leaderEpoch: 5 },
    0,
    undefined,
  ])
})

test('whatever the order in which pieces end, everything before the progress is done', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(Array.from({ length: 40 }, (_, index) => index)), (order) => {
      const progress = new PartitionProgress(orders)
      const ends = Array.from({ length: 40 }, (_, offset) =>
        progress.begin({ offset, next: { offset: offset + 1, leaderEpoch: null } }),
      )
      const done = new Set<number>()
      let told = 0
      for (const index of order) {
        ends[index]!()
        done.add(index)
        told = progress.advance()?.offset ?? told
        expect(Array.from({ length: told }, (_, offset) => done.has(offset))).not.toContain(false)
        expect(done.has(told)).toBe(false)
      }
    }),
  )
})

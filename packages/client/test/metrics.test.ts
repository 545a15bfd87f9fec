import { SimWorld } from '@odradek/runtime/sim'
import { expect, test } from 'vitest'
import { Metrics, SampledStat } from '../src/index.ts'

const windows = { windowMs: 1_000, samples: 2 }

test('average and maximum are those of the last windows, and nothing measured is NaN', () => {
  const stat = new SampledStat(windows)
  expect([stat.average(0), stat.max(0), stat.rate(0)]).toEqual([Number.NaN, Number.NaN, 0])
  stat.record(10, 0)
  stat.record(20, 900)
  stat.record(3, 1_500)
  expect([stat.average(1_500), stat.max(1_500)]).toEqual([11, 20])
  expect([stat.average(2_950), stat.max(2_950)]).toEqual([3, 3])
  expect(stat.average(3_600)).toBeNaN()
})

test.each([
  { what: 'the first moment', values: [[10, 0]], nowMs: 0, rate: 10 },
  { what: 'half a window', values: [[10, 0]], nowMs: 500, rate: 10 / 1.5 },
  {
    what: 'two windows',
    values: [
      [10, 0],
      [10, 1_000],
    ],
    nowMs: 1_900,
    rate: 20 / 1.9,
  },
])('a rate after $what counts the windows that are missing as empty', ({ values, nowMs, rate }) => {
  const stat = new SampledStat(windows)
  for (const [value, atMs] of values) stat.record(value!, atMs!)
  expect(stat.rate(nowMs)).toBeCloseTo(rate)
})

test('a sensor makes one metric of each kind, and sums are told from gauges', () => {
  const { clock } = new SimWorld({ seed: 1 }).node('client').start()
  const metrics = new Metrics(clock, windows)
  const place = { group: 'producer-metrics', tags: { 'client-id': 'me' } }
  const sent = metrics.meter('record-send', place)
  metrics.gauge('waiting-threads', place, () => 4)
  sent(2)
  sent(3)
  expect([...metrics.metrics()]).toEqual([
    { ...place, name: 'record-send-rate', kind: 'gauge', value: 5 },
    { ...place, name: 'record-send-total', kind: 'sum', value: 5 },
    { ...place, name: 'waiting-threads', kind: 'gauge', value: 4 },
  ])
})

import { expect, test } from 'vitest'
import { Counter, Histogram } from '../../src/metrics/instruments.ts'
import { prometheusName } from '../../src/metrics/metric-family.ts'
import { prometheusText } from '../../src/metrics/prometheus-text.ts'

test.each([
  ['kafka.server', 'BrokerTopicMetrics', 'MessagesInPerSec', 'kafka_server_brokertopicmetrics_messagesin_total'],
  ['kafka.network', 'RequestMetrics', 'TotalTimeMs', 'kafka_network_requestmetrics_totaltimems'],
  [
    'kafka.server',
    'ReplicaManager',
    'UnderReplicatedPartitions',
    'kafka_server_replicamanager_underreplicatedpartitions',
  ],
] as const)('%s:type=%s,name=%s is %s', (group, type, name, expected) => {
  expect(prometheusName({ group, type, name })).toBe(expected)
})

test('labels and help are escaped, numbers are written as Prometheus reads them', () => {
  const family = {
    name: 'a',
    type: 'gauge',
    help: 'one\ntwo \\',
    samples: [{ labels: { topic: 'say "hi"\\\n' }, value: Number.POSITIVE_INFINITY }, { value: 1.5e-7 }],
  } as const
  expect(prometheusText([family])).toBe(
    '# HELP a one\\ntwo \\\\\n# TYPE a gauge\na{topic="say \\"hi\\"\\\\\\n"} +Inf\na 1.5e-7\n',
  )
})

test('a counter sums for each set of labels and forgets what is deleted', () => {
  const counter = new Counter({ name: 'in_total', help: 'In.' })
  counter.add({ topic: 'a' })
  counter.add({ topic: 'b' }, 5)
  counter.add({ topic: 'a' }, 2)
  const before = prometheusText([counter.collect()])
  counter.forget('topic', 'a')
  expect([before, prometheusText([counter.collect()])]).toEqual([
    '# HELP in_total In.\n# TYPE in_total counter\nin_total{topic="a"} 3\nin_total{topic="b"} 5\n',
    '# HELP in_total In.\n# TYPE in_total counter\nin_total{topic="b"} 5\n',
  ])
})

test('a histogram counts what lies at or below each bound', () => {
  const histogram = new Histogram({ name: 'ms', help: 'Time.', bounds: [1, 10] })
  for (const value of [1, 2, 10, 11]) histogram.observe({ request: 'Fetch' }, value)
  expect(prometheusText([histogram.collect()])).toBe(`# HELP ms Time.
# TYPE ms histogram
ms_bucket{request="Fetch",le="1"} 1
ms_bucket{request="Fetch",le="10"} 3
ms_bucket{request="Fetch",le="+Inf"} 4
ms_sum{request="Fetch"} 24
ms_count{request="Fetch"} 4
`)
})

test('a family without samples is left out', () => {
  expect(prometheusText([new Counter({ name: 'none', help: 'None.' }).collect()])).toBe('')
})

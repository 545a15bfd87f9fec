import { describe, it } from 'vitest'
import {
  consistentRandomPartitioner,
  cooperativeStickyAssignor,
  defaultPartitioner,
  murmur2RandomPartitioner,
  randomPartitioner,
  rangeAssignor,
  rangeGroupAssignor,
  roundRobinAssignor,
  roundRobinPartitioner,
  stickyAssignor,
  uniformGroupAssignor,
  uniformStickyPartitioner,
} from '../src/index.ts'
import {
  assignorConformance,
  type ConformanceCheck,
  groupAssignorConformance,
  partitionerConformance,
} from '../src/testing/index.ts'

const suites: Record<string, ConformanceCheck[]> = {
  'default partitioner': partitionerConformance(defaultPartitioner, { keyed: true, spreads: true }),
  'uniform sticky partitioner': partitionerConformance(uniformStickyPartitioner, { spreads: true }),
  'uniform sticky partitioner with all options': partitionerConformance(uniformStickyPartitioner, {
    context: { batchSize: 100, availabilityTimeoutMs: 200, rackAware: true, rack: 'rack-1' },
  }),
  'round robin partitioner': partitionerConformance(roundRobinPartitioner, { spreads: true }),
  'random partitioner': partitionerConformance(randomPartitioner, { spreads: true }),
  'murmur2_random partitioner': partitionerConformance(murmur2RandomPartitioner, { keyed: true, spreads: true }),
  'consistent_random partitioner': partitionerConformance(consistentRandomPartitioner, { keyed: true, spreads: true }),
  'a function as a partitioner': partitionerConformance(
    () => (topic, key) => (key === null ? 0 : key.length % topic.partitionCount),
    { keyed: true },
  ),
  'range assignor': assignorConformance(rangeAssignor),
  'roundrobin assignor': assignorConformance(roundRobinAssignor, { balanced: true }),
  'sticky assignor': assignorConformance(stickyAssignor, { balanced: true, sticky: true }),
  'cooperative-sticky assignor': assignorConformance(cooperativeStickyAssignor, { balanced: true, sticky: true }),
  'range group assignor': groupAssignorConformance(rangeGroupAssignor),
  'uniform group assignor': groupAssignorConformance(uniformGroupAssignor, { balanced: true, sticky: true }),
}

for (const [name, checks] of Object.entries(suites)) {
  describe(name, () => {
    for (const check of checks) it(check.name, check.run)
  })
}

import { describe, expect, it } from 'vitest'
import { type ClusterView, rangeAssignor, roundRobinAssignor } from '../../src/index.ts'
import { assigned, member } from './groups.ts'

/** Three racks; partition `p` has its replicas in racks `p` and `p + 1`. */
const threeRacks: Pick<ClusterView, 'replicaRacks'> = {
  replicaRacks: (_topic, partition) => [`r${partition % 3}`, `r${(partition + 1) % 3}`],
}
const counts = (topics: Record<string, number>) => ({ partitionCount: (topic: string) => topics[topic] ?? 0 })

describe('rangeAssignor', () => {
  it('cuts each topic into ranges, the first of them longer', () => {
    const group = { a: member(['t', 'u']), b: member(['t', 'u']) }
    expect(assigned(rangeAssignor(), counts({ t: 3, u: 4 }), group)).toEqual({
      a: ['t-0', 't-1', 'u-0', 'u-1'],
      b: ['t-2', 'u-2', 'u-3'],
    })
  })

  it('serves static members first, by instance id', () => {
    const group = {
      a: member(['t']),
      z: member(['t'], { groupInstanceId: '1' }),
      b: member(['t'], { groupInstanceId: '2' }),
    }
    expect(assigned(rangeAssignor(), counts({ t: 4 }), group)).toEqual({ z: ['t-0', 't-1'], b: ['t-2'], a: ['t-3'] })
  })

  it('leaves out topics that do not exist, and members of nothing get nothing', () => {
    const group = { a: member(['gone']), b: member(['t', 'gone']), c: member([]) }
    expect(assigned(rangeAssignor(), counts({ t: 2 }), group)).toEqual({ a: [], b: ['t-0', 't-1'], c: [] })
  })

  it('gives members partitions near them as far as their shares allow', () => {
    const group = {
      a: member(['t'], { rackId: 'r2' }),
      b: member(['t'], { rackId: 'r1' }),
      c: member(['t'], { rackId: 'r0' }),
    }
    const cluster = { ...counts({ t: 6 }), ...threeRacks }
    expect(assigned(rangeAssignor(), cluster, group)).toEqual({
      a: ['t-1', 't-2'],
      b: ['t-0', 't-3'],
      c: ['t-4', 't-5'],
    })
  })

  it('keeps topics of one size co-partitioned before it looks at racks', () => {
    const group = { a: member(['t', 'u'], { rackId: 'r1' }), b: member(['t', 'u'], { rackId: 'r0' }) }
    const racks: Record<string, string[]> = { 't-0': ['r0'], 't-1': ['r1'], 'u-0': ['r0'], 'u-1': ['r1'] }
    const cluster = {
      ...counts({ t: 2, u: 2 }),
      replicaRacks: (topic: string, partition: number) => racks[`${topic}-${partition}`]!,
    }
    expect(assigned(rangeAssignor(), cluster, group)).toEqual({ a: ['t-1', 'u-1'], b: ['t-0', 'u-0'] })
  })

  it('ignores racks when every rack has a replica of everything', () => {
    const group = { a: member(['t'], { rackId: 'r1' }), b: member(['t'], { rackId: 'r0' }) }
    const cluster = { ...counts({ t: 2 }), replicaRacks: () => ['r0', 'r1'] }
    expect(assigned(rangeAssignor(), cluster, group)).toEqual({ a: ['t-0'], b: ['t-1'] })
  })
})

describe('roundRobinAssignor', () => {
  it('deals partitions in turn and passes over members that do not subscribe', () => {
    const group = { a: member(['t', 'u']), b: member(['u']), c: member(['t', 'u']) }
    expect(assigned(roundRobinAssignor(), counts({ t: 3, u: 2 }), group)).toEqual({
      a: ['t-0', 't-2'],
      b: ['u-0'],
      c: ['t-1', 'u-1'],
    })
  })
})

import kafkajs from 'kafkajs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { cooperativeStickyAssignor, decodeAssignment, encodeSubscription } from '../../src/index.ts'
import { kafkajsAssigner, rangeAssigner, roundRobinAssigner, stickyAssigner } from '../../src/kafkajs/index.ts'
import { InMemoryGroup } from './in-memory-group.ts'

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

describe('an assigner in kafkajs', () => {
  it('is what kafkajs takes as a partition assigner', () => {
    expectTypeOf(rangeAssigner).toExtend<kafkajs.PartitionAssigner>()
    const kafka = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING })
    const sticky = stickyAssigner()
    const consumer = kafka.consumer({ groupId: 'g', partitionAssigners: [sticky, rangeAssigner, roundRobinAssigner] })
    sticky.follow(consumer)
    expect(consumer.run).toBeTypeOf('function')
  })

  it('writes metadata that kafkajs reads, and reads metadata that kafkajs writes', async () => {
    const assigner = rangeAssigner({
      cluster: { async addTargetTopic() {}, findTopicPartitionMetadata: () => [{ partitionId: 0 }] },
    })
    const { name, metadata } = assigner.protocol({ topics: ['t'] })
    expect(name).toBe('range')
    expect(MemberMetadata.decode(metadata)).toMatchObject({ version: 0, topics: ['t'] })
    const theirs = MemberMetadata.encode({ version: 0, topics: ['t'], userData: Buffer.from('any') })
    const [entry] = await assigner.assign({ members: [{ memberId: 'm', memberMetadata: theirs }], topics: ['t'] })
    expect(entry!.memberId).toBe('m')
    expect(MemberAssignment.decode(entry!.memberAssignment)).toMatchObject({ version: 0, assignment: { t: [0] } })
  })

  it('refuses an assignor that cannot rebalance eagerly', () => {
    const create = () => ({ ...cooperativeStickyAssignor(), supportedProtocols: ['COOPERATIVE'] as const })
    const cluster = { async addTargetTopic() {}, findTopicPartitionMetadata: () => [] }
    expect(() => kafkajsAssigner(create)({ cluster })).toThrow(/kafkajs rebalances eagerly.*cooperative-sticky/)
  })
})

describe('a group of kafkajs consumers', () => {
  it('is divided by range', async () => {
    const group = new InMemoryGroup({ t: 3, u: 4 })
    for (const memberId of ['a', 'b']) group.add(memberId, ['t', 'u'], [rangeAssigner])
    expect(await group.rebalance()).toEqual({ a: { t: [0, 1], u: [0, 1] }, b: { t: [2], u: [2, 3] } })
  })

  it('is divided by roundrobin', async () => {
    const group = new InMemoryGroup({ t: 3, u: 2 })
    for (const memberId of ['a', 'b']) group.add(memberId, ['t', 'u'], [roundRobinAssigner])
    expect(await group.rebalance()).toEqual({ a: { t: [0, 2], u: [1] }, b: { t: [1], u: [0] } })
  })

  it('agrees on an assigner that all members have', async () => {
    const group = new InMemoryGroup({ t: 2 })
    const first = group.add('a', ['t'], [stickyAssigner(), roundRobinAssigner, rangeAssigner])
    group.add('b', ['t'], [rangeAssigner])
    await group.rebalance()
    expect(first.group.groupProtocol).toBe('range')
  })

  it('reads also topics that its leader does not subscribe to, and passes over those that do not exist', async () => {
    const group = new InMemoryGroup({ t: 2, u: 2 })
    group.add('a', ['t'], [rangeAssigner])
    group.add('b', ['u', 'gone'], [rangeAssigner])
    expect(await group.rebalance()).toEqual({ a: { t: [0, 1] }, b: { u: [0, 1] } })
  })

  it('fails the rebalance when the cluster cannot be asked', async () => {
    const assigner = rangeAssigner({
      cluster: {
        addTargetTopic: () => Promise.reject(new Error('connection lost')),
        findTopicPartitionMetadata: () => [],
      },
    })
    const members = [{ memberId: 'b', memberMetadata: assigner.protocol({ topics: ['u'] }).metadata }]
    await expect(assigner.assign({ members, topics: ['t'] })).rejects.toThrow('connection lost')
  })

  it('shares the group with a member that runs another client', async () => {
    const group = new InMemoryGroup({ t: 4 })
    group.add('a', ['t'], [rangeAssigner])
    const metadata = Buffer.from(encodeSubscription({ topics: ['t'], generationId: 3, rackId: 'r' }))
    group.foreignMember = { memberId: 'java', metadata: new Map([['range', metadata]]) }
    expect(await group.rebalance()).toEqual({ a: { t: [0, 1] } })
    expect(decodeAssignment(group.assigned.get('java')!).partitions).toEqual([
      { topic: 't', partition: 2 },
      { topic: 't', partition: 3 },
    ])
  })
})

describe('a sticky group of kafkajs consumers', () => {
  it('moves only what a new member gets, as long as the leader stays', async () => {
    const group = new InMemoryGroup({ t: 6 })
    for (const memberId of ['b', 'c']) group.add(memberId, ['t'], [stickyAssigner()])
    expect(await group.rebalance()).toEqual({ b: { t: [0, 2, 4] }, c: { t: [1, 3, 5] } })
    group.add('a', ['t'], [stickyAssigner()])
    expect(await group.rebalance()).toEqual({ a: { t: [4, 5] }, b: { t: [0, 2] }, c: { t: [1, 3] } })
  })

  it('stays sticky when the leader goes, if members report what they have', async () => {
    const group = new InMemoryGroup({ t: 6 })
    const members = ['b', 'c', 'a'].map((memberId) => {
      const sticky = stickyAssigner()
      const member = group.add(memberId, ['t'], [sticky])
      sticky.follow(member.consumer)
      return member
    })
    expect(await group.rebalance()).toEqual({ a: { t: [0, 3] }, b: { t: [1, 4] }, c: { t: [2, 5] } })
    group.remove(members[0]!)
    expect(await group.rebalance()).toEqual({ a: { t: [0, 1, 3] }, c: { t: [2, 4, 5] } })
  })
})

import { describe, expect, it } from 'vitest'
import { parseConsumerConfig } from '../../src/config/consumer-config.ts'
import { type ConsumerMember, joiningMember, newConsumerMember } from '../../src/group/consumer-member.ts'
import { HeartbeatState } from '../../src/group/heartbeat-state.ts'

const config = parseConsumerConfig({ bootstrapServers: 'broker:9092', groupId: 'g', groupProtocol: 'consumer' })
const fields = { topics: new Set(['b', 'a']), regex: null }
const joining = joiningMember(newConsumerMember('m1'))
const stable: ConsumerMember = { ...joining, state: 'STABLE', memberEpoch: 3 }
const bare = { groupId: 'g', memberId: 'm1', memberEpoch: 3, instanceId: null }

describe('the body of ConsumerGroupHeartbeat', () => {
  it('says everything when the member joins', () => {
    expect(new HeartbeatState('g', config).build(joining, fields)).toEqual({
      ...bare,
      memberEpoch: 0,
      rebalanceTimeoutMs: 300_000,
      subscribedTopicNames: ['a', 'b'],
      topicPartitions: [],
    })
  })

  it('says nothing again that has not changed', () => {
    const state = new HeartbeatState('g', config)
    state.build(joining, fields)
    expect(state.build(stable, fields)).toEqual(bare)
  })

  it('says the topics when they are others', () => {
    const state = new HeartbeatState('g', config)
    state.build(joining, fields)
    const topics = new Set(['c'])
    expect(state.build(stable, { topics, regex: null })).toEqual({ ...bare, subscribedTopicNames: ['c'] })
  })

  it('says what the member has once it has something else', () => {
    const state = new HeartbeatState('g', config)
    state.build(joining, fields)
    const current = { localEpoch: 0, partitions: new Map([['id', [1]]]) }
    const told = { ...bare, topicPartitions: [{ topicId: 'id', partitions: [1] }] }
    expect(state.build({ ...stable, current }, fields)).toEqual(told)
    expect(state.build({ ...stable, current }, fields)).toEqual(bare)
  })

  it('takes a pattern back with an empty one', () => {
    const state = new HeartbeatState('g', config)
    expect(state.build(joining, { topics: new Set(), regex: 'a.*' })).toMatchObject({ subscribedTopicRegex: 'a.*' })
    expect(state.build(stable, fields)).toMatchObject({ subscribedTopicRegex: '', subscribedTopicNames: ['a', 'b'] })
  })

  it('says again what the coordinator may have missed when a heartbeat failed', () => {
    const state = new HeartbeatState('g', config)
    state.build(joining, fields)
    state.reset()
    expect(state.build(stable, fields)).toMatchObject({
      rebalanceTimeoutMs: 300_000,
      subscribedTopicNames: ['a', 'b'],
      topicPartitions: [],
    })
  })
})

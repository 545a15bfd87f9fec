import { errors, type Input } from '@odradek/protocol'
import type { ConsumerGroupHeartbeatRequest } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { createPartitions } from '../../src/handlers/37-create-partitions.ts'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { consumerGroupHeartbeat } from '../../src/handlers/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from '../../src/handlers/69-consumer-group-describe.ts'
import { TestBroker } from '../test-broker.ts'
import { groupId, openGroups } from './group-client.ts'

const join: Input<ConsumerGroupHeartbeatRequest> = {
  groupId,
  memberId: 'm',
  memberEpoch: 0,
  rebalanceTimeoutMs: 60_000,
  subscribedTopicNames: ['t'],
  topicPartitions: [],
}

async function start(config: Readonly<Record<string, string | number>> = {}): Promise<TestBroker> {
  const broker = await TestBroker.start({ config })
  await openGroups(broker)
  await broker.createTopic('t', { partitions: 3 })
  return broker
}

const beat = (broker: TestBroker, memberEpoch: number, say: Input<ConsumerGroupHeartbeatRequest> = {}) =>
  broker.request(consumerGroupHeartbeat, 1, { groupId, memberId: 'm', memberEpoch, ...say })

describe('a group of the consumer protocol', () => {
  it('assigns, and is described with names', async () => {
    await using broker = await start()
    const joined = await beat(broker, 0, join)
    const topicId = broker.broker.metadata.image.topics.byName('t')?.topicId
    expect(joined).toMatchObject({
      errorCode: 0,
      memberId: 'm',
      memberEpoch: 2,
      heartbeatIntervalMs: 5000,
      assignment: { topicPartitions: [{ topicId, partitions: [0, 1, 2] }] },
    })
    const request = { groupIds: [groupId, 'x'], includeAuthorizedOperations: true }
    const { groups } = await broker.request(consumerGroupDescribe, 1, request)
    expect(groups).toMatchObject([
      {
        groupId,
        errorCode: 0,
        groupState: 'Stable',
        groupEpoch: 2,
        assignmentEpoch: 2,
        assignorName: 'uniform',
        members: [{ memberId: 'm', assignment: { topicPartitions: [{ topicName: 't', partitions: [0, 1, 2] }] } }],
      },
      { groupId: 'x', errorCode: errors.GROUP_ID_NOT_FOUND.code, errorMessage: 'Group x not found.' },
    ])
  })

  it('notices new partitions with the next heartbeat', async () => {
    await using broker = await start({ 'group.consumer.assignment.interval.ms': 0 })
    await beat(broker, 0, join)
    await broker.request(createPartitions, 3, { topics: [{ name: 't', count: 5, assignments: null }], timeoutMs: 1000 })
    const { memberEpoch, assignment } = await beat(broker, 2)
    expect([memberEpoch, assignment?.topicPartitions[0]?.partitions]).toEqual([3, [0, 1, 2, 3, 4]])
  })

  it('resolves patterns, and again when topics are made', async () => {
    await using broker = await start({ 'group.consumer.assignment.interval.ms': 0 })
    await beat(broker, 0, { ...join, subscribedTopicNames: null, subscribedTopicRegex: '[tu]' })
    await broker.clock.advance(0)
    expect((await beat(broker, 1)).assignment?.topicPartitions).toHaveLength(1)
    await broker.createTopic('u')
    await broker.clock.advance(10_001)
    await beat(broker, 2)
    await broker.clock.advance(0)
    expect((await beat(broker, 2)).assignment?.topicPartitions).toHaveLength(2)
  })

  it('is there again after a kill, and members go on where they were', async () => {
    await using broker = await start()
    await beat(broker, 0, join)
    await broker.restart('abandon')
    expect(await beat(broker, 2)).toMatchObject({ errorCode: 0, memberEpoch: 2 })
  })

  it('takes its own configs at once, for it alone', async () => {
    await using broker = await start()
    const set = (name: string, value: string) => ({ name, configOperation: 0, value })
    await broker.request(incrementalAlterConfigs, 1, {
      resources: [
        {
          resourceType: 32,
          resourceName: groupId,
          configs: [set('consumer.heartbeat.interval.ms', '6000'), set('consumer.session.timeout.ms', '50000')],
        },
      ],
    })
    expect((await beat(broker, 0, join)).heartbeatIntervalMs).toBe(6000)
    const other = await beat(broker, 0, { ...join, groupId: 'other' })
    expect(other.heartbeatIntervalMs).toBe(5000)
    await broker.clock.advance(49_999)
    expect((await beat(broker, 2)).errorCode).toBe(0)
    expect((await beat(broker, 2, { groupId: 'other' })).errorCode).toBe(errors.UNKNOWN_MEMBER_ID.code)
  })

  it('is refused where the protocol is not offered', async () => {
    await using broker = await start({ 'group.coordinator.rebalance.protocols': 'classic' })
    expect((await beat(broker, 0, join)).errorCode).toBe(errors.UNSUPPORTED_VERSION.code)
    const { groups } = await broker.request(consumerGroupDescribe, 0, { groupIds: [groupId] })
    expect(groups).toMatchObject([{ groupId, errorCode: errors.UNSUPPORTED_VERSION.code }])
  })

  it('takes the assignors the broker is given, the first as the default', async () => {
    const range = 'org.apache.kafka.coordinator.group.assignor.RangeAssignor'
    await using broker = await start({ 'group.consumer.assignors': range })
    await beat(broker, 0, join)
    const { groups } = await broker.request(consumerGroupDescribe, 1, { groupIds: [groupId] })
    expect(groups[0]?.assignorName).toBe('range')
    expect(await beat(broker, 2, { serverAssignor: 'uniform' })).toMatchObject({
      errorCode: errors.UNSUPPORTED_ASSIGNOR.code,
      errorMessage: 'ServerAssignor uniform is not supported. Supported assignors: range.',
    })
  })
})

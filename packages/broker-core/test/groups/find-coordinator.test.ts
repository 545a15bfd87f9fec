import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { findCoordinator } from '../../src/handlers/10-find-coordinator.ts'
import { listGroups } from '../../src/handlers/16-list-groups.ts'
import { describeConfigs } from '../../src/handlers/32-describe-configs.ts'
import { TestBroker } from '../test-broker.ts'
import { commit, groupId, openGroups } from './group-client.ts'

const found = { nodeId: 1, host: 'localhost', port: 9092, errorCode: 0 }

describe('FindCoordinator', () => {
  it('makes __consumer_offsets as the configs say, and answers when it is there', async () => {
    await using broker = await TestBroker.start({ config: { 'offsets.topic.num.partitions': 7 } })
    expect((await openGroups(broker)).coordinators).toMatchObject([{ key: groupId, ...found }])
    const topic = broker.broker.metadata.image.topics.byName('__consumer_offsets')
    expect(topic?.partitions.size).toBe(7)
    const resources = [{ resourceType: 2, resourceName: '__consumer_offsets', configurationKeys: null }]
    const { results } = await broker.request(describeConfigs, 4, { resources })
    const own = results[0]?.configs.filter(({ configSource }) => configSource === 1)
    expect(own?.map(({ name, value }) => `${name}=${value}`).sort()).toEqual([
      'cleanup.policy=compact',
      'compression.type=producer',
      'segment.bytes=104857600',
    ])
  })

  it('makes it once for all who ask at the same time', async () => {
    await using broker = await TestBroker.start()
    const answers = await Promise.all([1, 2, 3].map(() => openGroups(broker)))
    expect(answers.map(({ coordinators }) => coordinators[0]?.errorCode)).toEqual([0, 0, 0])
    expect(broker.errors).toEqual([])
  })

  it.each([0, 1, 2, 3])('names one coordinator in version %i', async (version) => {
    await using broker = await TestBroker.start()
    expect(await broker.request(findCoordinator, version, { key: groupId })).toMatchObject(found)
  })

  it.each([4, 5, 6])('names several coordinators in version %i', async (version) => {
    await using broker = await TestBroker.start()
    const { coordinators } = await broker.request(findCoordinator, version, { coordinatorKeys: ['a', 'b'] })
    expect(coordinators).toMatchObject([
      { key: 'a', ...found },
      { key: 'b', ...found },
    ])
  })

  it('tells that there is none while the topic cannot be made', async () => {
    await using broker = await TestBroker.start({ config: { 'offsets.topic.replication.factor': 3 } })
    const { coordinators } = await openGroups(broker)
    expect(coordinators).toMatchObject([
      { key: groupId, nodeId: -1, host: '', port: -1, errorCode: errors.COORDINATOR_NOT_AVAILABLE.code },
    ])
  })

  it('is what a client has to ask first', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('t')
    expect(await commit(broker, { topic: 't', offset: 1 })).toBe(errors.NOT_COORDINATOR.code)
    expect((await broker.request(listGroups, 5, {})).groups).toEqual([])
  })
})

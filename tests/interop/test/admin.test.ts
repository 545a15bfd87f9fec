import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JavaClient, startJavaDriver } from '../src/clients/java.ts'
import { uniqueTopic } from '../src/create-topics.ts'
import type { LineDriver } from '../src/line-driver.ts'
import { base64 } from '../src/record.ts'
import { missing } from '../src/runtimes.ts'
import { startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

const withoutJava = missing('java')
const availability = targetNames().map((name) => ({ name, why: withoutJava ?? targetMissing(name) }))

const topicIdPattern = /^[\w-]{22}$/
const record = (value: string, timestamp: number) => ({ key: null, value: base64(value), headers: [], timestamp })

describe.each(availability)("Kafka's Java admin client against $name", ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let java: LineDriver
  beforeAll(async () => {
    ;[target, java] = await Promise.all([startTarget(name), startJavaDriver()])
  }, 60_000)
  afterAll(async () => {
    await java?.close()
    await target?.[Symbol.asyncDispose]()
  })

  const ask = (op: string, args: object = {}) =>
    java.request<Record<string, unknown>>(op, { bootstrap: target.bootstrap, ...args })
  const create = (topic: object) => ask('createTopics', { topics: [topic] })
  const newTopic = async (prefix: string, partitions = 1) => {
    const topic = uniqueTopic(prefix)
    await create({ name: topic, partitions, replicationFactor: 1 })
    return topic
  }
  const produce = (topic: string, values: readonly string[], timestamp = 1_750_000_000_000) =>
    ask('produce', { topic, partition: 0, records: values.map((value, index) => record(value, timestamp + index)) })

  test('a created topic has the defaults of the broker and the configs that were asked for', async () => {
    const topic = uniqueTopic('created')
    expect(await create({ name: topic, configs: { 'cleanup.policy': 'compact' } })).toEqual({
      [topic]: {
        value: {
          topicId: expect.stringMatching(topicIdPattern),
          partitions: 1,
          replicationFactor: 1,
          // The cluster's default since eligible leader replicas, and so not Kafka's.
          configs: { 'cleanup.policy': 'compact', 'min.insync.replicas': '1' },
        },
      },
    })
    const partition = { partition: 0, leader: 1, replicas: [1], isr: [1], eligibleLeaderReplicas: [], lastKnownElr: [] }
    expect(await ask('describeTopics', { topics: [topic] })).toEqual({
      [topic]: { value: { topicId: expect.stringMatching(topicIdPattern), internal: false, partitions: [partition] } },
    })
  })

  test('a topic that is only validated is told as it would be and not created', async () => {
    const name = uniqueTopic('validated')
    const answer = await ask('createTopics', { topics: [{ name, partitions: 4 }], validateOnly: true })
    expect(answer).toMatchObject({ [name]: { value: { partitions: 4, replicationFactor: 1 } } })
    expect(await ask('listTopics')).not.toContain(name)
  })

  test('each topic of a request succeeds or fails for itself', async () => {
    const [good, taken] = [uniqueTopic('good'), await newTopic('taken')]
    const topics = [
      { name: good },
      { name: taken },
      { name: 'no spaces allowed' },
      { name: uniqueTopic('too-many-replicas'), replicationFactor: 2 },
      { name: uniqueTopic('no-partitions'), partitions: 0 },
      { name: uniqueTopic('bad-config'), configs: { 'segment.bytes': '1' } },
    ]
    const answer = await ask('createTopics', { topics })
    const outcomes = topics.map((topic) => {
      const { error } = answer[topic.name] as { error?: { name: string } }
      return error?.name ?? 'created'
    })
    expect(outcomes).toEqual([
      'created',
      'TopicExistsException',
      'InvalidTopicException',
      'InvalidReplicationFactorException',
      'InvalidPartitionsException',
      'InvalidConfigurationException',
    ])
  })

  test('topics are deleted by name and by id, and an unknown one of either says so', async () => {
    const [byName, byId] = [await newTopic('by-name'), await newTopic('by-id')]
    const described = (await ask('describeTopics', { topics: [byId] })) as Record<
      string,
      { value: { topicId: string } }
    >
    const { topicId } = described[byId]!.value
    const unknown = uniqueTopic('unknown')
    expect(await ask('deleteTopics', { topics: [byName, unknown] })).toEqual({
      [byName]: { value: null },
      [unknown]: { error: { name: 'UnknownTopicOrPartitionException', message: expect.any(String) } },
    })
    const unknownId = 'b2RyYWRlay11bmtub3duIQ'
    expect(await ask('deleteTopics', { topicIds: [topicId, unknownId] })).toEqual({
      [topicId]: { value: null },
      [unknownId]: { error: { name: 'UnknownTopicIdException', message: expect.any(String) } },
    })
    const left = await ask('listTopics')
    expect([byName, byId].filter((topic) => (left as unknown as string[]).includes(topic))).toEqual([])
  })

  test('partitions can be added, never taken away', async () => {
    const topic = await newTopic('grown', 2)
    expect(await ask('createPartitions', { topics: { [topic]: 5 } })).toEqual({ [topic]: { value: null } })
    for (const count of [5, 3]) {
      expect(await ask('createPartitions', { topics: { [topic]: count } })).toEqual({
        [topic]: { error: { name: 'InvalidPartitionsException', message: expect.any(String) } },
      })
    }
    const described = (await ask('describeTopics', { topics: [topic] })) as Record<
      string,
      { value: { partitions: [] } }
    >
    expect(described[topic]!.value.partitions.length).toBe(5)
  })

  test('configs change by set, append, subtract and delete, and a bad value changes nothing', async () => {
    const topic = await newTopic('configs')
    const resource = { type: 'TOPIC', name: topic }
    const alter = (...ops: object[]) => ask('incrementalAlterConfigs', { resource, ops })
    const dynamic = async () => {
      const { value } = (await ask('describeConfigs', { resource })) as {
        value: Record<string, { source: string; value: string }>
      }
      const set = Object.entries(value).filter(([, { source }]) => source === 'DYNAMIC_TOPIC_CONFIG')
      return Object.fromEntries(set.map(([key, entry]) => [key, entry.value]))
    }
    await alter(
      { op: 'SET', name: 'retention.ms', value: '1000' },
      { op: 'APPEND', name: 'cleanup.policy', value: 'compact' },
    )
    expect(await dynamic()).toEqual({ 'retention.ms': '1000', 'cleanup.policy': 'delete,compact' })
    await alter({ op: 'DELETE', name: 'retention.ms' }, { op: 'SUBTRACT', name: 'cleanup.policy', value: 'delete' })
    expect(await dynamic()).toEqual({ 'cleanup.policy': 'compact' })
    expect(
      await alter(
        { op: 'SET', name: 'retention.ms', value: '5' },
        { op: 'SET', name: 'max.message.bytes', value: '-7' },
      ),
    ).toEqual({
      error: { name: 'InvalidConfigurationException', message: expect.stringContaining('max.message.bytes') },
    })
    expect(await alter({ op: 'APPEND', name: 'retention.ms', value: '1' })).toMatchObject({
      error: { name: 'InvalidConfigurationException' },
    })
    expect(await dynamic()).toEqual({ 'cleanup.policy': 'compact' })
    expect(await ask('listConfigResources')).toContain(`TOPIC:${topic}`)
  })

  test('a config is described with its type and where its value comes from', async () => {
    const topic = await newTopic('described')
    const { value } = (await ask('describeConfigs', { resource: { type: 'TOPIC', name: topic }, synonyms: true })) as {
      value: Record<string, object>
    }
    expect(value['segment.bytes']).toEqual({
      value: '1073741824',
      source: 'DEFAULT_CONFIG',
      type: 'INT',
      sensitive: false,
      readOnly: false,
      synonyms: ['DEFAULT_CONFIG:log.segment.bytes=1073741824'],
    })
    const broker = (await ask('describeConfigs', { resource: { type: 'BROKER', name: '1' } })) as {
      value: Record<string, object>
    }
    expect(broker.value['num.network.threads']).toMatchObject({
      value: '3',
      source: 'DEFAULT_CONFIG',
      type: 'INT',
      readOnly: false,
    })
    expect(broker.value['node.id']).toMatchObject({
      value: '1',
      source: 'STATIC_BROKER_CONFIG',
      type: 'INT',
      readOnly: true,
    })
  })

  test('every special timestamp finds its offset', async () => {
    const topic = await newTopic('timestamps')
    const at = 1_750_000_000_000
    const specs = ['earliest', 'latest', 'maxTimestamp', 'earliestLocal', 'latestTiered', at - 5, at + 1, at + 99]
    const list = async () => await ask('listOffsets', { topic, partition: 0, specs })
    const found = (offset: number, timestamp: number, leaderEpoch: number | null) => ({
      value: { offset, timestamp, leaderEpoch },
    })
    expect(await list()).toEqual({
      earliest: found(0, -1, 0),
      latest: found(0, -1, 0),
      maxTimestamp: found(-1, -1, null),
      earliestLocal: found(0, -1, 0),
      latestTiered: found(-1, -1, null),
      [at - 5]: found(-1, -1, null),
      [at + 1]: found(-1, -1, null),
      [at + 99]: found(-1, -1, null),
    })
    await produce(topic, ['a', 'b', 'c'], at)
    await produce(topic, ['earlier'], at - 2)
    await ask('deleteRecords', { topic, partition: 0, offset: 1 })
    expect(await list()).toEqual({
      earliest: found(1, -1, 0),
      latest: found(4, -1, 0),
      maxTimestamp: found(2, at + 2, 0),
      earliestLocal: found(1, -1, 0),
      latestTiered: found(-1, -1, null),
      [at - 5]: found(1, at + 1, 0),
      [at + 1]: found(1, at + 1, 0),
      [at + 99]: found(-1, -1, null),
    })
  })

  test('deleted records are gone for every reader, and none beyond the end can be deleted', async () => {
    const topic = await newTopic('trimmed')
    await produce(topic, ['a', 'b', 'c', 'd'])
    const trim = (offset: number) => ask('deleteRecords', { topic, partition: 0, offset })
    expect(await trim(2)).toEqual({ value: 2 })
    expect(await trim(1)).toEqual({ value: 2 })
    expect(await trim(5)).toEqual({ error: { name: 'OffsetOutOfRangeException', message: expect.any(String) } })
    const read = await new JavaClient(java).read({
      bootstrap: target.bootstrap,
      topic,
      partition: 0,
      from: { offset: 2 },
    })
    expect(read.map(({ offset, value }) => [offset, value])).toEqual([
      [2, base64('c')],
      [3, base64('d')],
    ])
    expect(await trim(-1)).toEqual({ value: 4 })
  })

  test('the idempotent producers of a partition are told with their last sequence', async () => {
    const topic = await newTopic('producers')
    expect(await ask('describeProducers', { topic, partition: 0 })).toEqual([])
    await produce(topic, ['a', 'b', 'c'])
    expect(await ask('describeProducers', { topic, partition: 0 })).toEqual([
      {
        producerId: expect.any(Number),
        producerEpoch: 0,
        lastSequence: 2,
        lastTimestamp: 1_750_000_000_002,
        coordinatorEpoch: null,
        currentTransactionStartOffset: null,
      },
    ])
  })

  test('log directories, cluster, quorum and features describe one node that is everything', async () => {
    const topic = await newTopic('described')
    const logDirs = (await ask('describeLogDirs', { brokers: [1] })) as Record<
      string,
      Record<string, Record<string, object>>
    >
    const [logDir] = Object.values(logDirs['1']!)
    expect(logDir).toMatchObject({ error: null, totalBytes: expect.any(Number), usableBytes: expect.any(Number) })
    expect(logDir!['replicas']).toMatchObject({ [`${topic}-0`]: { size: 0, offsetLag: 0, isFuture: false } })
    expect(await ask('describeCluster')).toEqual({
      clusterId: expect.stringMatching(topicIdPattern),
      controller: 1,
      nodes: [`1@${target.bootstrap}`],
    })
    const quorum = { leaderId: 1, leaderEpoch: 1, highWatermark: expect.any(Number), voters: [1], observers: [] }
    expect(await ask('describeMetadataQuorum')).toEqual(quorum)
    const features = {
      'eligible.leader.replicas.version': [1, 1],
      'group.version': [1, 1],
      'metadata.version': [33, 33],
      'share.version': [2, 2],
      'streams.version': [1, 1],
      'transaction.version': [2, 2],
    }
    const { finalized, supported } = (await ask('describeFeatures')) as {
      finalized: Record<string, number>
      supported: Record<string, [number, number]>
    }
    const known = Object.keys(features)
    expect(Object.fromEntries(known.map((key) => [key, [finalized[key], supported[key]?.[1]]]))).toEqual(features)
  })

  test('a feature that cannot change is refused and stays', async () => {
    const change = (feature: string, level: number) => ask('updateFeatures', { feature, level })
    expect(await change('metadata.version', 99)).toMatchObject({ error: { name: 'InvalidUpdateVersionException' } })
    expect(await change('group.version', 2)).toMatchObject({ error: { name: 'InvalidUpdateVersionException' } })
    expect(await change('no.such.feature', 1)).toMatchObject({ error: { name: 'InvalidUpdateVersionException' } })
  })
})

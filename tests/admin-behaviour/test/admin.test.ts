import { randomBytes } from 'node:crypto'
import {
  Admin,
  type AdminOptions,
  kafkaExceptionMessage,
  kafkaExceptionName,
  onlyValue,
  valuesOf,
} from '@odradek/admin'
import { Producer } from '@odradek/producer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ForeignMembers } from '../src/foreign-members.ts'
import { startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

describe.each(targetNames())('against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let admin: Admin
  let members: ForeignMembers
  const unique = (what: string) => `${what}-${randomBytes(4).toString('hex')}`
  const make = (options: Partial<AdminOptions> = {}) => new Admin({ bootstrapServers: target.bootstrap, ...options })
  const topicWith = async (partitions: number, configs: Readonly<Record<string, string>> = {}) => {
    const topic = unique('topic')
    valuesOf(await admin.createTopics([{ topic, partitions, configs }]))
    // A topic is there for everybody when its leaders answer.
    valuesOf(await admin.listOffsets([{ topic, partition: partitions - 1, at: 'latest' }]))
    return topic
  }
  const send = async (topic: string, values: readonly string[]) => {
    await using producer = new Producer({ bootstrapServers: target.bootstrap })
    await producer.send(values.map((value, index) => ({ topic, value, partition: 0, timestamp: 1_000 + index })))
  }

  beforeAll(async () => {
    target = await startTarget(name)
    admin = make()
    members = new ForeignMembers(target.bootstrap)
  }, 60_000)
  afterAll(async () => {
    members?.[Symbol.dispose]()
    await admin?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('topics are made, listed, described and deleted, and one that fails does not hold up the others', async () => {
    const [topic, other] = [unique('orders'), unique('orders')]
    const made = await admin.createTopics([
      { topic, partitions: 2, replicationFactor: 1, configs: { 'retention.ms': '60000' } },
      { topic: other, replicationFactor: 3 },
      { topic: 'not a topic' },
    ])
    expect([...made.keys()]).toEqual([topic, other, 'not a topic'])
    expect(made.get(topic)?.value).toMatchObject({ topic, partitions: 2, replicationFactor: 1 })
    const retention = made.get(topic)?.value?.configs?.find((config) => config.name === 'retention.ms')
    expect(retention).toMatchObject({ value: '60000', source: 'DYNAMIC_TOPIC_CONFIG' })
    expect([...made.values()].map(({ error }) => error?.code)).toEqual([
      undefined,
      'INVALID_REPLICATION_FACTOR',
      'INVALID_TOPIC_EXCEPTION',
    ])
    const { topicId } = made.get(topic)!.value!
    await expect.poll(() => admin.listTopics()).toContainEqual({ topic, topicId, isInternal: false })
    const partition = { leaderId: 1, leaderEpoch: 0, replicas: [1], isr: [1], offlineReplicas: [] }
    const described = await admin.describeTopics([topic, 'no-such-topic'])
    expect(described.get(topic)?.value).toEqual({
      topic,
      topicId,
      isInternal: false,
      partitions: [
        { partition: 0, ...partition, elr: [], lastKnownElr: [] },
        { partition: 1, ...partition, elr: [], lastKnownElr: [] },
      ],
      authorizedOperations: null,
    })
    expect(described.get('no-such-topic')?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(onlyValue(await admin.describeTopics({ topicIds: [topicId] }))).toMatchObject({ topic, topicId })
    const again = (await admin.createTopics([{ topic }])).get(topic)!.error!
    expect([kafkaExceptionName(again), kafkaExceptionMessage(again)]).toEqual([
      'org.apache.kafka.common.errors.TopicExistsException',
      `Topic '${topic}' already exists.`,
    ])
    const deleted = await admin.deleteTopics([topic, 'no-such-topic'])
    expect(deleted.get(topic)).toEqual({ value: null })
    expect(deleted.get('no-such-topic')?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    const gone = await admin.deleteTopics({ topicIds: [topicId] })
    expect(gone.get(topicId)?.error?.code).toBe('UNKNOWN_TOPIC_ID')
  })

  test('a topic of many partitions is described page by page', async () => {
    const topic = await topicWith(25)
    const pages = make()
    let asked = 0
    pages.hooks.on('requestSent', ({ api }) => {
      if (api === 'DescribeTopicPartitions') asked++
    })
    const described = onlyValue(await pages.describeTopics([topic], { partitionSizeLimitPerResponse: 10 }))
    expect(described.partitions.map(({ partition }) => partition)).toEqual(Array.from({ length: 25 }, (_, n) => n))
    expect(asked).toBe(3)
    await pages.close()
  })

  test('partitions are added; fewer than there are is an error in words of Kafka', async () => {
    const topic = await topicWith(2)
    expect(await admin.createPartitions([{ topic, totalCount: 4 }])).toEqual(new Map([[topic, { value: null }]]))
    await expect.poll(async () => onlyValue(await admin.describeTopics([topic])).partitions.length).toBe(4)
    const error = (await admin.createPartitions([{ topic, totalCount: 1 }])).get(topic)!.error!
    expect([error.code, kafkaExceptionMessage(error)]).toEqual([
      'INVALID_PARTITIONS',
      `The topic ${topic} currently has 4 partition(s); 1 would not be an increase.`,
    ])
  })

  test('configs are described, set, and go back to their defaults', async () => {
    const topic = await topicWith(1, { 'retention.ms': '1000' })
    const alter = { type: 'TOPIC', name: topic } as const
    const altered = await admin.incrementalAlterConfigs([
      {
        ...alter,
        set: { 'max.message.bytes': '2000' },
        delete: ['retention.ms'],
        append: { 'cleanup.policy': 'compact' },
      },
      { type: 'TOPIC', name: 'no-such-topic', set: { 'retention.ms': '1' } },
    ])
    expect(altered.get(`TOPIC:${topic}`)).toEqual({ value: null })
    expect(altered.get('TOPIC:no-such-topic')?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    const keys = ['retention.ms', 'max.message.bytes', 'cleanup.policy']
    await expect
      .poll(async () => {
        const { entries } = onlyValue(await admin.describeConfigs([{ ...alter, keys }], { includeSynonyms: true }))
        return keys.map((key) => [entries.get(key)?.value, entries.get(key)?.source, entries.get(key)?.type])
      })
      .toEqual([
        ['604800000', 'DEFAULT_CONFIG', 'LONG'],
        ['2000', 'DYNAMIC_TOPIC_CONFIG', 'INT'],
        ['delete,compact', 'DYNAMIC_TOPIC_CONFIG', 'LIST'],
      ])
    const broker = { type: 'BROKER', name: '1', keys: ['num.partitions'] } as const
    expect(onlyValue(await admin.describeConfigs([broker])).entries.get('num.partitions')?.value).toBe('1')
    const wrong = await admin.incrementalAlterConfigs([{ ...alter, set: { 'retention.ms': 'soon' } }])
    expect(wrong.get(`TOPIC:${topic}`)?.error?.code).toBe('INVALID_CONFIG')
    expect(await admin.listConfigResources(['TOPIC'])).toContainEqual({ type: 'TOPIC', name: topic })
    expect(await admin.listClientMetricsResources()).toEqual([])
  })

  test('offsets are found by place and time, and records below one are deleted', async () => {
    const topic = await topicWith(2)
    await send(topic, ['a', 'b', 'c', 'd'])
    const where = { topic, partition: 0 }
    const offsetOf = async (
      at: Parameters<Admin['listOffsets']>[0] extends Iterable<infer T>
        ? T extends { at: infer A }
          ? A
          : never
        : never,
    ) => onlyValue(await admin.listOffsets([{ ...where, at }]))
    expect(await offsetOf('earliest')).toMatchObject({ ...where, offset: 0 })
    expect(await offsetOf('latest')).toMatchObject({ offset: 4, timestamp: -1 })
    expect(await offsetOf('max-timestamp')).toMatchObject({ offset: 3, timestamp: 1_003 })
    expect(await offsetOf({ timestamp: 1_002 })).toMatchObject({ offset: 2, timestamp: 1_002 })
    expect(await offsetOf({ timestamp: 9_000 })).toMatchObject({ offset: -1, leaderEpoch: null })
    const deleted = await admin.deleteRecords([
      { ...where, beforeOffset: 3 },
      { topic, partition: 1, beforeOffset: 7 },
    ])
    expect(deleted.get(`${topic}-0`)).toEqual({ value: { ...where, lowWatermark: 3 } })
    expect(deleted.get(`${topic}-1`)?.error?.code).toBe('OFFSET_OUT_OF_RANGE')
    expect(await offsetOf('earliest')).toMatchObject({ offset: 3 })
  })

  test('a partition that does not exist is waited for until the time is over, and the others have their offsets', async () => {
    const topic = await topicWith(1)
    const results = await admin.listOffsets(
      [
        { topic, partition: 0, at: 'latest' },
        { topic, partition: 7, at: 'latest' },
      ],
      { timeoutMs: 500 },
    )
    expect(results.get(`${topic}-0`)?.value?.offset).toBe(0)
    const error = results.get(`${topic}-7`)?.error
    expect(error?.code).toBe('REQUEST_TIMED_OUT')
    expect(error?.cause).toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })

  test('offsets of a group are set, listed and deleted, and the group with them', async () => {
    const topic = await topicWith(2)
    const groupId = unique('group')
    const offsets = [0, 1].map((partition) => ({ topic, partition, offset: partition + 3, metadata: 'm' }))
    valuesOf(await admin.alterConsumerGroupOffsets(groupId, offsets))
    expect(onlyValue(await admin.listConsumerGroupOffsets([groupId]))).toEqual(
      new Map(offsets.map((offset) => [`${topic}-${offset.partition}`, { ...offset, leaderEpoch: null }])),
    )
    expect(await admin.listConsumerGroups({ states: ['Empty'] })).toContainEqual({
      groupId,
      protocolType: '',
      state: 'Empty',
      type: 'Classic',
      isSimpleConsumerGroup: true,
    })
    expect(await admin.deleteConsumerGroupOffsets(groupId, [{ topic, partition: 0 }])).toEqual(
      new Map([[`${topic}-0`, { value: null }]]),
    )
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    expect([...onlyValue(await admin.listConsumerGroupOffsets([{ groupId, partitions }]))]).toEqual([
      [`${topic}-0`, null],
      [`${topic}-1`, { ...offsets[1], leaderEpoch: null }],
    ])
    const deleted = await admin.deleteConsumerGroups([groupId, 'no-such-group'])
    expect(deleted.get(groupId)).toEqual({ value: null })
    expect(kafkaExceptionMessage(deleted.get('no-such-group')!.error!)).toBe('The group id does not exist.')
  })

  test('groups of both protocols are described with their members and assignments', async () => {
    const topic = await topicWith(1)
    const [classic, modern] = [unique('classic'), unique('modern')]
    const classicMember = await members.joinClassicGroup(classic, topic, 'instance-1')
    const modernMember = await members.joinConsumerGroup(modern, topic)
    const described = await admin.describeConsumerGroups([classic, modern, 'no-such-group'])
    const assignment = [{ topic, partition: 0 }]
    expect(described.get(classic)?.value).toMatchObject({
      groupId: classic,
      type: 'Classic',
      state: 'Stable',
      partitionAssignor: 'range',
      coordinator: { nodeId: 1 },
      members: [{ memberId: classicMember, groupInstanceId: 'instance-1', clientId: 'member', assignment }],
    })
    expect(described.get(modern)?.value).toMatchObject({
      groupId: modern,
      type: 'Consumer',
      state: 'Stable',
      partitionAssignor: 'uniform',
      members: [{ memberId: modernMember, assignment, targetAssignment: assignment, isUpgraded: true }],
    })
    const missing = described.get('no-such-group')!.error!
    expect([kafkaExceptionName(missing), kafkaExceptionMessage(missing)]).toEqual([
      'org.apache.kafka.common.errors.GroupIdNotFoundException',
      'Group no-such-group not found.',
    ])
    expect(onlyValue(await admin.describeClassicGroups([classic]))).toMatchObject({
      protocolType: 'consumer',
      protocolData: 'range',
      members: [{ memberId: classicMember, assignment }],
    })
    const types = (await admin.listGroups({ types: ['Consumer'] })).map(({ groupId }) => groupId)
    expect(types).toContain(modern)
    expect(types).not.toContain(classic)
    const refused = await admin.deleteConsumerGroups([classic])
    expect(kafkaExceptionMessage(refused.get(classic)!.error!)).toBe('The group is not empty.')
    expect(await admin.removeMembersFromConsumerGroup(classic, { reason: 'test' })).toEqual(
      new Map([['instance-1', { value: null }]]),
    )
    const removed = await admin.removeMembersFromConsumerGroup(classic, { groupInstanceIds: ['instance-1'] })
    expect(removed.get('instance-1')?.error?.code).toBe('UNKNOWN_MEMBER_ID')
  })

  test('cluster, log directories, producers, features, quorum and APIs are described', async () => {
    const topic = await topicWith(1)
    await send(topic, ['a', 'b'])
    const cluster = await admin.describeCluster({ includeAuthorizedOperations: true })
    const [host, port] = target.bootstrap.split(':')
    expect(cluster.nodes).toEqual([{ nodeId: 1, host, port: Number(port), rack: null, isFenced: false }])
    expect(cluster.authorizedOperations).toContain('ALTER_CONFIGS')
    const [logDir] = valuesOf(onlyValue(await admin.describeLogDirs([1]))).values()
    expect(logDir?.replicas.get(`${topic}-0`)).toMatchObject({ topic, partition: 0, offsetLag: 0, isFuture: false })
    const replica = { topic, partition: 0, brokerId: 1 }
    const where = onlyValue(await admin.describeReplicaLogDirs([replica]))
    expect(where).toMatchObject({ ...replica, currentLogDir: logDir?.logDir, futureLogDir: null })
    const [producer] = onlyValue(await admin.describeProducers([{ topic, partition: 0 }])).activeProducers
    expect(producer).toMatchObject({ producerEpoch: 0, lastSequence: 1, currentTransactionStartOffset: null })
    const features = await admin.describeFeatures()
    expect(features.finalizedFeatures.get('metadata.version')?.maxVersionLevel).toBeGreaterThan(20)
    expect(features.supportedFeatures.has('group.version')).toBe(true)
    const refused = await admin.updateFeatures([{ feature: 'no.such.feature', maxVersionLevel: 1 }])
    expect(refused.get('no.such.feature')?.error?.code).toBe('INVALID_UPDATE_VERSION')
    const quorum = await admin.describeMetadataQuorum()
    expect(quorum.leaderId).toBe(1)
    expect(quorum.voters.map(({ replicaId }) => replicaId)).toEqual([1])
    const apis = await admin.describeApiVersions({ nodeId: 1 })
    expect(apis.find(({ name: api }) => api === 'Metadata')).toEqual({
      apiKey: 3,
      name: 'Metadata',
      minVersion: 0,
      maxVersion: 13,
    })
  })

  test('a call to a broker that is not there ends when its time is over, with the message of Kafka', async () => {
    const outcome = admin.describeLogDirs([1, 99], { timeoutMs: 400 })
    const results = await outcome
    expect(results.get(1)?.error).toBeUndefined()
    const error = results.get(99)!.error!
    expect(error).toMatchObject({ code: 'REQUEST_TIMED_OUT', context: { api: 'DescribeLogDirs' } })
  })

  test('calls end with their signal, and with the client', async () => {
    const signal = AbortSignal.timeout(50)
    const where = { topic: 'no-such-topic', partition: 0, at: 'latest' } as const
    await expect(admin.listOffsets([where], { signal })).rejects.toMatchObject({ code: 'ABORTED' })
    const other = make()
    const waiting = other.listOffsets([where]).catch((error: unknown) => error)
    await other.close({ timeoutMs: 20 })
    expect(await waiting).toMatchObject({ code: 'CLIENT_CLOSED' })
    await expect(other.listTopics()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  test('metrics have the names of Kafka, and the cluster gives an id for them', async () => {
    await using measured = make({ clientId: 'measured', enableMetricsPush: true })
    measured.metrics()
    const id = measured.clientInstanceId()
    // Apache Kafka gives ids only when a plugin that takes metrics is configured.
    if (name === 'odradek') expect(await id).toMatch(/^[\w-]{22}$/)
    else await expect(id).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION' })
    const found = [...measured.metrics()].find(({ name: metric }) => metric === 'request-total')
    expect(found).toMatchObject({ group: 'admin-client-metrics', tags: { 'client-id': 'measured' } })
    expect(found?.value).toBeGreaterThan(0)
    await expect(admin.clientInstanceId()).rejects.toMatchObject({
      code: 'ILLEGAL_STATE',
      kafkaMessage: 'Telemetry is not enabled. Set config `enable.metrics.push` to `true`.',
    })
  })
})

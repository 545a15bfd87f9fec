/** What the admin client does that our broker does not serve, against Apache Kafka. */
import { randomBytes } from 'node:crypto'
import {
  Admin,
  type AdminOptions,
  kafkaExceptionMessage,
  kafkaExceptionName,
  onlyValue,
  valuesOf,
} from '@odradek/admin'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ForeignMembers } from '../src/foreign-members.ts'
import { startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

describe('against apache', () => {
  const name = 'apache'
  const why = targetNames().includes(name) ? targetMissing(name) : 'ODRADEK_INTEROP=full brings Apache Kafka'
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let admin: Admin
  let members: ForeignMembers
  const unique = (what: string) => `${what}-${randomBytes(4).toString('hex')}`
  const newTopic = async () => {
    const topic = unique('topic')
    valuesOf(await admin.createTopics([{ topic, partitions: 1 }]))
    valuesOf(await admin.listOffsets([{ topic, partition: 0, at: 'latest' }]))
    return topic
  }
  const loginAs = (user: string, password: string): AdminOptions => ({
    bootstrapServers: target.saslBootstrap,
    securityProtocol: 'SASL_PLAINTEXT',
    saslMechanism: 'SCRAM-SHA-256',
    saslJaasConfig: `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`,
  })

  beforeAll(async () => {
    target = await startTarget(name)
    admin = new Admin({ bootstrapServers: target.bootstrap })
    members = new ForeignMembers(target.bootstrap)
  }, 60_000)
  afterAll(async () => {
    members?.[Symbol.dispose]()
    await admin?.close()
    await target?.[Symbol.asyncDispose]()
  })

  test('ACLs are made, found by a filter and deleted, and a wrong one fails alone', async () => {
    const topic = unique('secret')
    const acl = {
      resourceType: 'TOPIC',
      resourceName: topic,
      patternType: 'LITERAL',
      principal: 'User:anna',
      host: '*',
      operation: 'READ',
      permissionType: 'ALLOW',
    } as const
    const { resourceType, resourceName, principal, operation } = acl
    const made = await admin.createAcls([
      { resourceType, resourceName, principal, operation },
      { ...acl, resourceName: '' },
    ])
    expect(made.get(0)).toEqual({ value: null })
    expect(made.get(1)?.error?.code).toBe('INVALID_REQUEST')
    await expect.poll(() => admin.describeAcls({ resourceName: topic })).toEqual([acl])
    expect(await admin.describeAcls({ principal: 'User:ben' })).toEqual([])
    const deleted = await admin.deleteAcls([{ resourceName: topic }, { principal: 'User:nobody' }])
    expect(deleted.get(0)?.value).toEqual(new Map([[0, { value: acl }]]))
    expect(deleted.get(1)?.value).toEqual(new Map())
  })

  test('a SCRAM credential that is made here lets its user in, who may do what ACLs allow', async () => {
    const user = unique('anna')
    const altered = await admin.alterUserScramCredentials([
      { user, mechanism: 'SCRAM-SHA-256', password: 'päss word', iterations: 4_096 },
      { user: unique('ben'), mechanism: 'SCRAM-SHA-512', delete: true },
    ])
    expect([...altered.values()].map(({ error }) => error?.code)).toEqual([undefined, 'RESOURCE_NOT_FOUND'])
    const credentials = [{ mechanism: 'SCRAM-SHA-256', iterations: 4_096 }]
    await expect
      .poll(async () => (await admin.describeUserScramCredentials([user])).get(user)?.value)
      .toEqual({ user, credentials })
    expect((await admin.describeUserScramCredentials()).has(user)).toBe(true)
    const topic = await newTopic()
    const acl = { resourceType: 'TOPIC', resourceName: topic, operation: 'DESCRIBE' } as const
    valuesOf(await admin.createAcls([{ ...acl, principal: 'User:somebody-else' }]))
    await using anna = new Admin(loginAs(user, 'päss word'))
    await expect
      .poll(async () => (await anna.describeTopics([topic])).get(topic)?.error?.code)
      .toBe('TOPIC_AUTHORIZATION_FAILED')
    await using stranger = new Admin(loginAs(user, 'wrong'))
    await expect(stranger.listTopics()).rejects.toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED' })
  })

  test('delegation tokens are made, renewed, listed and expired', async () => {
    const user = unique('anna')
    valuesOf(await admin.alterUserScramCredentials([{ user, mechanism: 'SCRAM-SHA-256', password: 'secret' }]))
    await using anna = new Admin(loginAs(user, 'secret'))
    await expect.poll(() => anna.listTopics().then(Array.isArray, () => false)).toBe(true)
    const renewer = { principalType: 'User', name: 'ben' }
    const token = await anna.createDelegationToken({ renewers: [renewer], maxLifetimeMs: 60_000 })
    const owner = { principalType: 'User', name: user }
    expect(token).toMatchObject({ owner, tokenRequester: owner, renewers: [renewer] })
    expect(token.maxTimestamp - token.issueTimestamp).toBe(60_000)
    await expect.poll(() => anna.describeDelegationToken({ owners: [owner] })).toEqual([token])
    const renewed = await anna.renewDelegationToken(token.hmac, { renewTimePeriodMs: 30_000 })
    expect(renewed).toBeGreaterThan(token.issueTimestamp)
    await anna.expireDelegationToken(token.hmac)
    await expect.poll(() => anna.describeDelegationToken()).toEqual([])
    const error = await admin.createDelegationToken().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED' })
  })

  test('quotas are set, found by filters and removed', async () => {
    const user = unique('anna')
    const set = { producer_byte_rate: 1024, consumer_byte_rate: 2048 }
    const altered = await admin.alterClientQuotas([
      { entity: { user }, set },
      { entity: { user, 'client-id': null }, set: { request_percentage: 50 } },
      { entity: { user: unique('ben') }, set: { no_such_quota: 1 } },
    ])
    expect([...altered].map(([position, { error }]) => [position, error?.code])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, 'INVALID_REQUEST'],
    ])
    const strict = { entity: { user }, strict: true }
    await expect.poll(() => admin.describeClientQuotas(strict)).toEqual([{ entity: { user }, quotas: set }])
    expect(await admin.describeClientQuotas({ entity: { user, 'client-id': { any: true } } })).toEqual([
      { entity: { user, 'client-id': null }, quotas: { request_percentage: 50 } },
    ])
    valuesOf(
      await admin.alterClientQuotas([{ entity: { user }, remove: ['producer_byte_rate', 'consumer_byte_rate'] }]),
    )
    await expect.poll(() => admin.describeClientQuotas(strict)).toEqual([])
  })

  test('open transactions are listed and described, and fencing their producer ends them', async () => {
    const topic = await newTopic()
    const transactionalId = unique('transfer')
    const producerId = await members.beginTransaction(transactionalId, topic)
    const listing = { transactionalId, producerId, state: 'Ongoing' }
    expect(await admin.listTransactions({ states: ['Ongoing'], producerIds: [producerId] })).toEqual([listing])
    expect(await admin.listTransactions({ transactionalIdPattern: 'nothing.*' })).toEqual([])
    const described = await admin.describeTransactions([transactionalId, 'no-such-id'])
    expect(described.get(transactionalId)?.value).toMatchObject({
      ...listing,
      coordinatorId: 1,
      topicPartitions: [{ topic, partition: 0 }],
    })
    expect(described.get('no-such-id')?.error?.code).toBe('TRANSACTIONAL_ID_NOT_FOUND')
    const fenced = onlyValue(await admin.fenceProducers([transactionalId]))
    expect(fenced).toMatchObject({ transactionalId, producerId })
    await admin.forceTerminateTransaction(transactionalId)
    const state = async () => onlyValue(await admin.describeTransactions([transactionalId])).state
    await expect.poll(state).toBe('Empty')
    const hanging = { topic, partition: 0, producerId, producerEpoch: 0, coordinatorEpoch: 0 }
    await admin.abortTransaction({ ...hanging, topic: await newTopic() })
    await expect(admin.abortTransaction(hanging)).rejects.toMatchObject({ code: 'INVALID_PRODUCER_EPOCH' })
  })

  test('elections and reassignments answer for each partition', async () => {
    const topic = await newTopic()
    const where = { topic, partition: 0 }
    const elected = (await admin.electLeaders('PREFERRED', [where])).get(`${topic}-0`)?.error
    expect(elected?.code).toBe('ELECTION_NOT_NEEDED')
    expect(await admin.electLeaders('UNCLEAN')).toEqual(new Map())
    const reassigned = await admin.alterPartitionReassignments([
      { ...where, replicas: [1] },
      { topic, partition: 9, replicas: [1] },
    ])
    expect(reassigned.get(`${topic}-0`)).toEqual({ value: null })
    expect(reassigned.get(`${topic}-9`)?.error?.code).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    const cancelled = await admin.alterPartitionReassignments([{ ...where, replicas: null }])
    expect(cancelled.get(`${topic}-0`)?.error?.code).toBe('NO_REASSIGNMENT_IN_PROGRESS')
    expect(await admin.listPartitionReassignments()).toEqual(new Map())
    const moved = await admin.alterReplicaLogDirs([{ ...where, brokerId: 1, logDir: '/no/such/dir' }])
    expect(moved.get(`${topic}-0-1`)?.error?.code).toBe('LOG_DIR_NOT_FOUND')
  })

  test('share groups are described, and their offsets set, listed and deleted', async () => {
    const topic = await newTopic()
    const groupId = unique('share')
    const memberId = await members.joinShareGroup(groupId, topic)
    const described = await admin.describeShareGroups([groupId, 'no-such-group'])
    expect(described.get(groupId)?.value).toMatchObject({
      groupId,
      members: [{ memberId, clientId: 'member', subscribedTopicNames: [topic] }],
    })
    expect(described.get('no-such-group')?.error?.code).toBe('GROUP_ID_NOT_FOUND')
    expect((await admin.listGroups({ types: ['Share'] })).map((group) => group.groupId)).toContain(groupId)
    const other = unique('share')
    const altered = await admin.alterShareGroupOffsets(other, [{ topic, partition: 0, startOffset: 0 }])
    expect(altered.get(`${topic}-0`)).toEqual({ value: null })
    // The first share group waits until its state topic is made.
    const patience = { timeout: 15_000 }
    const offset = { topic, partition: 0, startOffset: 0 }
    await expect
      .poll(async () => (await admin.listShareGroupOffsets([other])).get(other)?.value?.get(`${topic}-0`), patience)
      .toMatchObject(offset)
    expect(await admin.deleteShareGroupOffsets(other, [topic])).toEqual(new Map([[topic, { value: null }]]))
    expect(await admin.deleteShareGroups([other])).toEqual(new Map([[other, { value: null }]]))
  })

  test('streams groups that do not exist are told so, and their offsets are those of groups', async () => {
    const missing = await admin.describeStreamsGroups(['no-such-group'])
    expect(missing.get('no-such-group')?.error?.code).toBe('GROUP_ID_NOT_FOUND')
    const topic = await newTopic()
    const groupId = unique('streams')
    valuesOf(await admin.alterStreamsGroupOffsets(groupId, [{ topic, partition: 0, offset: 1 }]))
    expect(onlyValue(await admin.listStreamsGroupOffsets([groupId])).get(`${topic}-0`)?.offset).toBe(1)
    valuesOf(await admin.deleteStreamsGroupOffsets(groupId, [{ topic, partition: 0 }]))
    const deleted = await admin.deleteStreamsGroups([groupId])
    expect(['GROUP_ID_NOT_FOUND', undefined]).toContain(deleted.get(groupId)?.error?.code)
  })

  test('voters and brokers that are not there cannot be taken out', async () => {
    const voter = { voterId: 9, voterDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAQ' }
    const error = await admin.removeRaftVoter(voter).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'UNSUPPORTED_VERSION' })
    const endpoints = [{ name: 'CONTROLLER', host: 'localhost', port: 9 }]
    await expect(admin.addRaftVoter({ ...voter, endpoints })).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION' })
    const broker = await admin.unregisterBroker(99).catch((thrown) => thrown)
    expect([kafkaExceptionName(broker), kafkaExceptionMessage(broker)]).toEqual([
      'org.apache.kafka.common.errors.BrokerIdNotRegisteredException',
      'Broker ID 99 is not currently registered',
    ])
  })

  test('controllers are asked directly when they are what one begins with', async () => {
    await using controllers = new Admin({ bootstrapControllers: target.controller })
    const cluster = await controllers.describeCluster()
    const [host, port] = target.controller.split(':')
    expect(cluster).toMatchObject({ controllerId: 1, nodes: [{ nodeId: 1, host, port: Number(port) }] })
    expect(cluster.clusterId).toBe((await admin.describeCluster()).clusterId)
    expect((await controllers.describeMetadataQuorum()).leaderId).toBe(1)
    await expect(controllers.listTopics()).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION' })
  })
})

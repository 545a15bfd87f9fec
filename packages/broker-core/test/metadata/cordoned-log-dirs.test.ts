import { errors } from '@odradek/protocol'
import { expect, test } from 'vitest'
import { createTopics } from '../../src/handlers/19-create-topics.ts'
import { describeLogDirs } from '../../src/handlers/35-describe-log-dirs.ts'
import { createPartitions } from '../../src/handlers/37-create-partitions.ts'
import { incrementalAlterConfigs } from '../../src/handlers/44-incremental-alter-configs.ts'
import { TestBroker } from '../test-broker.ts'

const twoDirectories = { 'log.dirs': '/one,/two' }

/** Sets `cordoned.log.dirs` at run time. */
async function cordon(broker: TestBroker, value: string): Promise<void> {
  const configs = [{ name: 'cordoned.log.dirs', value, configOperation: 0 }]
  const { responses } = await broker.request(incrementalAlterConfigs, 1, {
    resources: [{ resourceType: 4, resourceName: '1', configs }],
  })
  expect(responses[0]?.errorCode).toBe(0)
}

/** The directories with what is said of them: whether they are cordoned, and how many partitions they hold. */
async function directories(broker: TestBroker, version = 5) {
  const { results } = await broker.request(describeLogDirs, version, { topics: null })
  return results.map(({ logDir, isCordoned, topics }) => [
    logDir,
    isCordoned,
    topics.reduce((sum, { partitions }) => sum + partitions.length, 0),
  ])
}

async function created(broker: TestBroker, topic: object) {
  const { topics } = await broker.request(createTopics, 7, {
    topics: [{ name: 'orders', numPartitions: 1, replicationFactor: 1, ...topic }],
    timeoutMs: 1000,
  })
  return [topics[0]?.errorCode, topics[0]?.errorMessage]
}

test('a cordoned log directory gets no new partitions and is told as cordoned', async () => {
  await using broker = await TestBroker.start({ config: { ...twoDirectories, 'cordoned.log.dirs': '/one' } })
  await broker.createTopic('orders', { partitions: 4 })
  expect(await directories(broker)).toEqual([
    ['/one', true, 0],
    ['/two', false, 4],
  ])
})

test('a log directory that is cordoned later keeps what it has', async () => {
  await using broker = await TestBroker.start({ config: twoDirectories })
  await broker.createTopic('orders', { partitions: 4 })
  await cordon(broker, '/two')
  await broker.createTopic('payments', { partitions: 4 })
  expect(await directories(broker)).toEqual([
    ['/one', false, 6],
    ['/two', true, 2],
  ])
})

test('before version 5 nobody is told of cordoned directories', async () => {
  await using broker = await TestBroker.start({ config: { 'cordoned.log.dirs': '*' } })
  expect(await directories(broker, 4)).toEqual([['/data', false, 0]])
})

test('a broker whose directories are all cordoned gets no topic', async () => {
  await using broker = await TestBroker.start({ config: { 'cordoned.log.dirs': '*' } })
  expect(await created(broker, {})).toEqual([
    errors.INVALID_REPLICATION_FACTOR.code,
    'Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.',
  ])
})

test('nor one that is assigned to it by hand', async () => {
  await using broker = await TestBroker.start({ config: { 'cordoned.log.dirs': '*' } })
  const assignments = [{ partitionIndex: 0, brokerIds: [1] }]
  expect(await created(broker, { numPartitions: -1, replicationFactor: -1, assignments })).toEqual([
    errors.INVALID_REPLICA_ASSIGNMENT.code,
    'The manual partition assignment includes broker 1, but all its log directories are cordoned.',
  ])
})

test('nor further partitions of a topic it has', async () => {
  await using broker = await TestBroker.start()
  await broker.createTopic('orders')
  await cordon(broker, '*')
  const topics = [{ name: 'orders', count: 2, assignments: null }]
  const { results } = await broker.request(createPartitions, 3, { topics, timeoutMs: 1000 })
  expect(results).toEqual([
    {
      name: 'orders',
      errorCode: errors.INVALID_REPLICATION_FACTOR.code,
      errorMessage: 'All brokers are currently fenced, or have all their log directories cordoned.',
    },
  ])
})

test('topics are made again as soon as a directory is no longer cordoned, also after a restart', async () => {
  await using broker = await TestBroker.start({ config: { 'cordoned.log.dirs': '*' } })
  await cordon(broker, '')
  await broker.createTopic('orders')
  await broker.restart('abandon')
  await broker.createTopic('payments')
  await cordon(broker, '*')
  await broker.restart()
  expect([await directories(broker), (await created(broker, { name: 'more' }))[0]]).toEqual([
    [['/data', true, 2]],
    errors.INVALID_REPLICATION_FACTOR.code,
  ])
})

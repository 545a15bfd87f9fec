import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { describeLogDirs } from '../../src/handlers/35-describe-log-dirs.ts'
import { describeQuorum } from '../../src/handlers/55-describe-quorum.ts'
import { updateFeatures } from '../../src/handlers/57-update-features.ts'
import { describeCluster } from '../../src/handlers/60-describe-cluster.ts'
import { describeProducers } from '../../src/handlers/61-describe-producers.ts'
import { clusterId, TestBroker } from '../test-broker.ts'
import { testStartMs } from '../test-clock.ts'
import { idempotentBatch } from '../test-records.ts'
import { produceBatch, produceValues } from '../test-requests.ts'

describe('DescribeCluster', () => {
  it('tells brokers, cluster and controller', async () => {
    await using broker = await TestBroker.start()
    expect(await broker.request(describeCluster, 2, { includeClusterAuthorizedOperations: true })).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      endpointType: 1,
      clusterId,
      controllerId: 1,
      brokers: [{ brokerId: 1, host: 'localhost', port: 9092, rack: null, isFenced: false }],
      clusterAuthorizedOperations: 8096,
    })
  })

  it.each([
    [2, errors.MISMATCHED_ENDPOINT_TYPE.code],
    [0, errors.UNSUPPORTED_ENDPOINT_TYPE.code],
    [3, errors.UNSUPPORTED_ENDPOINT_TYPE.code],
  ])('refuses endpoint type %i', async (endpointType, errorCode) => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(describeCluster, 1, { endpointType })
    expect(answer).toMatchObject({ errorCode, endpointType: 1, clusterId: '', controllerId: -1, brokers: [] })
  })
})

describe('DescribeQuorum', () => {
  const asked = (topicName: string, partitionIndex: number) => ({
    topics: [{ topicName, partitions: [{ partitionIndex }] }],
  })

  it('tells the leader and how far each voter is', async () => {
    await using broker = await TestBroker.start()
    const { topics, errorCode, nodes } = await broker.request(describeQuorum, 2, asked('__cluster_metadata', 0))
    const [partition] = topics[0]?.partitions ?? []
    const { highWatermark, leaderEpoch, leaderId, currentVoters, observers } = partition ?? {}
    const { logEndOffset } = broker.broker.metadata
    expect({ errorCode, leaderId, leaderEpoch, highWatermark, observers, nodes }).toEqual({
      errorCode: 0,
      leaderId: 1,
      leaderEpoch: 1,
      highWatermark: logEndOffset,
      observers: [],
      nodes: [],
    })
    expect(currentVoters).toEqual([
      {
        replicaId: 1,
        replicaDirectoryId: broker.broker.logs.directories[0]?.metaProperties?.directoryId,
        logEndOffset,
        lastFetchTimestamp: testStartMs,
        lastCaughtUpTimestamp: testStartMs,
      },
    ])
  })

  it.each([
    ['orders', 0],
    ['__cluster_metadata', 1],
  ])('knows no quorum of %s-%i', async (topic, index) => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(describeQuorum, 2, asked(topic, index))
    expect([answer.errorCode, answer.topics[0]?.partitions[0]?.errorCode]).toEqual([
      0,
      errors.UNKNOWN_TOPIC_OR_PARTITION.code,
    ])
  })
})

describe('UpdateFeatures', () => {
  const update = (feature: string, maxVersionLevel: number, upgradeType = 1) => ({
    feature,
    maxVersionLevel,
    upgradeType,
  })

  it('changes a feature, and keeps it over a restart', async () => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(updateFeatures, 2, { featureUpdates: [update('group.version', 0, 2)] })
    expect(answer).toEqual({ throttleTimeMs: 0, errorCode: 0, errorMessage: null, results: [] })
    await broker.restart('abandon')
    expect(broker.broker.metadata.image.features.level('group.version')).toBe(0)
  })

  it.each([
    ['an unknown feature', update('no.such', 1)],
    ['a level that is too high', update('group.version', 99)],
    ['a negative level', update('group.version', -1)],
    ['a downgrade that is not called one', update('group.version', 0)],
    ['an unknown kind of upgrade', update('group.version', 1, 9)],
    ['a metadata version that would lose something', update('metadata.version', 7, 2)],
  ])('refuses %s, and everything with it', async (_, bad) => {
    await using broker = await TestBroker.start()
    const featureUpdates = [update('group.version', 0, 2), bad].filter(
      ({ feature }, index, all) => all.findLastIndex((one) => one.feature === feature) === index,
    )
    const { errorCode, errorMessage } = await broker.request(updateFeatures, 2, { featureUpdates })
    expect(errorCode).toBe(errors.INVALID_UPDATE_VERSION.code)
    expect(errorMessage).toContain(`feature ${bad.feature}`)
    expect(broker.broker.metadata.image.features.level('group.version')).toBe(1)
  })
})

describe('DescribeLogDirs', () => {
  it('tells directories, their space, and the sizes of partitions', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { partitions: 2 })
    await produceValues(broker, ['a', 'b'])
    const { sizeInBytes } = broker.partitionLog('orders')
    const sized = (partitionIndex: number, partitionSize: number) => ({
      partitionIndex,
      partitionSize,
      offsetLag: 0,
      isFutureKey: false,
    })
    const { results } = await broker.request(describeLogDirs, 4, { topics: null })
    const { totalBytes, usableBytes, ...rest } = results[0] ?? {}
    expect(rest).toEqual({
      errorCode: 0,
      logDir: '/data',
      topics: [{ name: 'orders', partitions: [sized(0, sizeInBytes), sized(1, 0)] }],
      isCordoned: false,
    })
    expect(totalBytes).toBeGreaterThanOrEqual(usableBytes ?? Number.POSITIVE_INFINITY)
    const some = await broker.request(describeLogDirs, 4, { topics: [{ topic: 'orders', partitions: [1, 7] }] })
    expect(some.results[0]?.topics).toEqual([{ name: 'orders', partitions: [sized(1, 0)] }])
    const none = await broker.request(describeLogDirs, 4, { topics: [] })
    expect(none.results[0]?.topics).toEqual([])
  })
})

describe('DescribeProducers', () => {
  it('tells the producers of a partition', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await produceBatch(broker, idempotentBatch({ id: 7, epoch: 2, sequence: 5 }, 'a', 'b'))
    const { topics } = await broker.request(describeProducers, 0, {
      topics: [{ name: 'orders', partitionIndexes: [0] }],
    })
    expect(topics[0]?.partitions[0]?.activeProducers).toEqual([
      {
        producerId: 7,
        producerEpoch: 2,
        lastSequence: 6,
        lastTimestamp: testStartMs,
        coordinatorEpoch: -1,
        currentTxnStartOffset: -1,
      },
    ])
  })

  it.each([
    ['orders', 9, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['nowhere', 0, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['not a name', 0, errors.INVALID_TOPIC_EXCEPTION.code],
  ])('refuses %s-%i', async (name, index, errorCode) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const { topics } = await broker.request(describeProducers, 0, { topics: [{ name, partitionIndexes: [index] }] })
    expect(topics[0]?.partitions[0]).toMatchObject({ partitionIndex: index, errorCode, activeProducers: [] })
  })
})

import { describe, expect, it } from 'vitest'
import {
  bootstrapRecords,
  createTopics,
  encodeMetadataBatch,
  encodeSnapshot,
  incrementalAlterConfigs,
  initialFeatures,
  MetadataDelta,
  MetadataImage,
  parseSnapshotFileName,
  readMetadataBatches,
  snapshotFileName,
} from '../src/index.ts'
import { Cluster } from './cluster.ts'

function busyCluster(): Cluster {
  const cluster = new Cluster(3)
  const configs = [{ name: 'cleanup.policy', value: 'compact' }]
  const topic = { name: 'orders', numPartitions: 5, replicationFactor: 2, assignments: [], configs }
  cluster.run((context) => createTopics({ topics: [topic], timeoutMs: 1, validateOnly: false }, context))
  cluster.replay([
    { type: 'ProducerIdsRecord', version: 0, record: { brokerId: 1, brokerEpoch: 1, nextProducerId: 3000 } },
    {
      type: 'UserScramCredentialRecord',
      version: 0,
      record: {
        name: 'alice',
        mechanism: 1,
        salt: Uint8Array.of(1),
        storedKey: Uint8Array.of(2),
        serverKey: Uint8Array.of(3),
        iterations: 4096,
      },
    },
  ])
  return cluster
}

describe('the metadata image', () => {
  it('is the same after its records went through a snapshot', () => {
    const { image } = busyCluster()
    const chunks = encodeSnapshot(image.records(), { epoch: 3, timestampMs: 5, lastContainedLogTimestamp: 4 })
    const restored = new MetadataImage()
    for (const { records } of readMetadataBatches(Buffer.concat(chunks))) {
      for (const record of records) restored.replay(record)
    }
    expect([...restored.records()]).toEqual([...image.records()])
  })

  it('takes the records of a metadata transaction together, at its end', () => {
    const image = new MetadataImage()
    const records = bootstrapRecords(initialFeatures(), { minInSyncReplicas: 1 })
    const delta = new MetadataDelta()
    for (const record of records.slice(0, -1)) image.replay(record, delta)
    expect([image.features.entries(), delta.featuresChanged]).toEqual([[], false])
    image.replay(records.at(-1)!, delta)
    expect(image.features.level('transaction.version')).toBe(2)
    expect(delta.featuresChanged).toBe(true)
  })

  it('forgets the records of an aborted metadata transaction', () => {
    const image = new MetadataImage()
    const records = bootstrapRecords(initialFeatures(), { minInSyncReplicas: 1 }).slice(0, -1)
    for (const record of records) image.replay(record)
    image.replay({ type: 'AbortTransactionRecord', version: 0, record: { reason: null } })
    image.replay({ type: 'EndTransactionRecord', version: 0, record: {} })
    expect(image.features.entries()).toEqual([])
  })

  it('tells what a run of records changed', () => {
    const cluster = new Cluster(1)
    const topicId = 'topic-id'
    const delta = cluster.replay([{ type: 'TopicRecord', version: 0, record: { name: 't', topicId } }])
    expect([...delta.changedTopics]).toEqual([topicId])
    const gone = cluster.replay([{ type: 'RemoveTopicRecord', version: 0, record: { topicId } }], delta)
    expect([[...gone.changedTopics], [...gone.removedTopics.keys()]]).toEqual([[], [topicId]])
  })

  it('reads batches back with their offsets', () => {
    const record = {
      type: 'TopicRecord',
      version: 0,
      record: { name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAg' },
    } as const
    const bytes = encodeMetadataBatch([record, record], { baseOffset: 7, epoch: 2, timestampMs: 1 })
    expect([...readMetadataBatches(bytes)]).toEqual([
      { baseOffset: 7, nextOffset: 9, timestampMs: 1, records: [record, record], controlRecords: [] },
    ])
  })

  it('names snapshots as Kafka does', () => {
    const id = { endOffset: 123, epoch: 4 }
    expect(snapshotFileName(id)).toBe('00000000000000000123-0000000004.checkpoint')
    expect([parseSnapshotFileName(snapshotFileName(id)), parseSnapshotFileName('00000000000000000123.log')]).toEqual([
      id,
      null,
    ])
  })
})

describe('configs', () => {
  const alter = (cluster: Cluster, ...configs: { name: string; configOperation: number; value: string | null }[]) =>
    cluster.run((context) =>
      incrementalAlterConfigs(
        { resources: [{ resourceType: 2, resourceName: 'orders', configs }], validateOnly: false },
        context,
      ),
    ).responses?.[0]

  it('are set, appended to, subtracted from and deleted one by one', () => {
    const cluster = busyCluster()
    expect(alter(cluster, { name: 'cleanup.policy', configOperation: 2, value: 'delete' })).toMatchObject({
      errorCode: 0,
    })
    expect(cluster.topicConfigs('orders')).toEqual({ 'cleanup.policy': 'compact,delete' })
    alter(cluster, { name: 'cleanup.policy', configOperation: 3, value: 'compact' })
    alter(cluster, { name: 'retention.ms', configOperation: 0, value: '7' })
    expect(cluster.topicConfigs('orders')).toEqual({ 'cleanup.policy': 'delete', 'retention.ms': '7' })
    alter(cluster, { name: 'retention.ms', configOperation: 1, value: null })
    expect(cluster.topicConfigs('orders')).toEqual({ 'cleanup.policy': 'delete' })
  })

  it('change wholly or not at all', () => {
    const cluster = busyCluster()
    const answer = alter(
      cluster,
      { name: 'retention.ms', configOperation: 0, value: '7' },
      { name: 'retention.ms.typo', configOperation: 2, value: '7' },
    )
    expect(answer).toMatchObject({
      errorMessage: "Can't APPEND to key retention.ms.typo because its type is not LIST.",
    })
    expect(cluster.topicConfigs('orders')).toEqual({ 'cleanup.policy': 'compact' })
  })
})

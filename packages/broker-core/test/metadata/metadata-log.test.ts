import { describe, expect, it } from 'vitest'
import { TestBroker } from '../test-broker.ts'

const directory = '/data/__cluster_metadata-0'
const config = { 'metadata.log.max.record.bytes.between.snapshots': 2000, 'metadata.log.max.snapshot.interval.ms': 0 }
const snapshotsOf = ({ storage }: TestBroker) =>
  storage
    .list(directory)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.checkpoint'))
const topicsOf = ({ broker }: TestBroker) =>
  [...broker.metadata.image.topics.all()].map(({ name, topicId, partitions }) => [name, topicId, partitions.size])

describe('the metadata log', () => {
  it('is written down as a snapshot when it has grown, and the broker starts from that', async () => {
    await using broker = await TestBroker.start({ config })
    for (let index = 0; index < 40; index++) await broker.createTopic(`topic-${index}`, { partitions: 3 })
    const topics = topicsOf(broker)
    expect(topics).toHaveLength(40)
    expect(snapshotsOf(broker)).toHaveLength(1)
    const { logStartOffset } = broker.broker.logs.directories[0]!.log({ topic: '__cluster_metadata', partition: 0 })!
    expect(logStartOffset).toBeGreaterThan(0)
    for (const how of ['close', 'abandon', 'close'] as const) {
      await broker.restart(how)
      expect(topicsOf(broker)).toEqual(topics)
    }
  })

  it('is written down when the last snapshot is old and something changes', async () => {
    const interval = { 'metadata.log.max.snapshot.interval.ms': 60_000 }
    await using broker = await TestBroker.start({ config: interval })
    await broker.createTopic('early')
    expect(snapshotsOf(broker)).toEqual([])
    await broker.clock.advance(60_000)
    await broker.createTopic('late')
    expect(snapshotsOf(broker)).toHaveLength(1)
  })

  it('begins a new epoch at each start and keeps what was committed before', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('kept')
    const topics = topicsOf(broker)
    const epochs = [broker.broker.metadata.raft.epoch]
    for (const how of ['abandon', 'close'] as const) {
      await broker.restart(how)
      epochs.push(broker.broker.metadata.raft.epoch)
    }
    expect([epochs, topicsOf(broker)]).toEqual([[1, 2, 3], topics])
  })
})

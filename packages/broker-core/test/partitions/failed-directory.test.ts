import { errors } from '@odradek/protocol'
import { type DiskCall, SimDisk, SimRandom } from '@odradek/runtime/sim'
import { describe, expect, it } from 'vitest'
import { fetch } from '../../src/handlers/01-fetch.ts'
import { listOffsets } from '../../src/handlers/02-list-offsets.ts'
import { createTopics } from '../../src/handlers/19-create-topics.ts'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { describeLogDirs } from '../../src/handlers/35-describe-log-dirs.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf, valuesIn } from '../test-records.ts'
import { fetchBody, fetchOne, produceBatch, produceValues } from '../test-requests.ts'

const { KAFKA_STORAGE_ERROR: storageError } = errors

/** Every call but the one that gives a file back. */
const onBad = ({ path, operation }: DiskCall) => path.startsWith('/bad') && operation !== 'close'

/** A broker on two disks with four partitions, two on each, and a record in each of them. */
async function brokerOnTwoDisks() {
  const disk = new SimDisk({ random: new SimRandom('two disks') })
  const broker = await TestBroker.start({ storage: disk.mount(), config: { 'log.dirs': '/good,/bad' } })
  await broker.createTopic('orders', { partitions: 4 })
  for (let partition = 0; partition < 4; partition++)
    await produceBatch(broker, batchOf([`r${partition}`]), { partition })
  const on = (path: string) =>
    [0, 1, 2, 3].filter((partition) => broker.partitionLog('orders', partition).directory.startsWith(path))
  const [good, bad] = [on('/good/'), on('/bad/')]
  /** Lets every further call on the second disk fail, and finds out by a write. */
  const failSecond = async () => {
    const heal = disk.fail({ matches: onBad, times: Number.POSITIVE_INFINITY })
    const answer = await produceBatch(broker, batchOf(['lost']), { partition: bad[0] ?? -1 })
    expect(answer.errorCode).toBe(storageError.code)
    return heal
  }
  return { broker, disk, good, bad, failSecond }
}

describe('a log directory that fails', () => {
  it('takes its partitions with it and leaves the others alone', async () => {
    const { broker, good, bad, failSecond } = await brokerOnTwoDisks()
    await using _ = broker
    expect([good.length, bad.length]).toEqual([2, 2])
    await failSecond()
    for (const partition of bad) {
      expect((await produceBatch(broker, batchOf(['x']), { partition })).errorCode).toBe(storageError.code)
      expect((await fetchOne(broker, { partition })).errorCode).toBe(storageError.code)
      const partitions = [{ partitionIndex: partition, offset: 1, timestamp: -2 }]
      const offsets = await broker.request(listOffsets, 7, {
        topics: [{ name: 'orders', partitions: [{ partitionIndex: partition, timestamp: 0 }] }],
      })
      expect(offsets.topics[0]?.partitions[0]?.errorCode).toBe(storageError.code)
      const deleted = await broker.request(deleteRecords, 2, {
        topics: [
          { name: 'orders', partitions: partitions.map(({ partitionIndex, offset }) => ({ partitionIndex, offset })) },
        ],
      })
      expect(deleted.topics[0]?.partitions[0]?.errorCode).toBe(storageError.code)
    }
    for (const partition of good) {
      expect((await produceBatch(broker, batchOf(['x']), { partition })).errorCode).toBe(0)
      expect(valuesIn((await fetchOne(broker, { partition })).records)).toEqual([`r${partition}`, 'x'])
    }
  })

  it('is told by DescribeLogDirs, and gets no new partitions', async () => {
    const { broker, failSecond } = await brokerOnTwoDisks()
    await using _ = broker
    await failSecond()
    const { results } = await broker.request(describeLogDirs, 4, { topics: null })
    expect(results.map(({ logDir, errorCode }) => [logDir, errorCode])).toEqual([
      ['/good', 0],
      ['/bad', storageError.code],
    ])
    await broker.createTopic('later', { partitions: 3 })
    await produceValues(broker, ['a'], 'later')
  })

  it('has everything acknowledged when it works again', async () => {
    const { broker, bad, failSecond } = await brokerOnTwoDisks()
    await using _ = broker
    const heal = await failSecond()
    heal()
    await broker.restart()
    for (const partition of bad) {
      expect(valuesIn((await fetchOne(broker, { partition })).records)).toEqual([`r${partition}`])
      expect((await produceBatch(broker, batchOf(['x']), { partition })).errorCode).toBe(0)
    }
  })

  it('is told to the readers that waited for its partitions', async () => {
    const { broker, bad, failSecond } = await brokerOnTwoDisks()
    await using _ = broker
    const reader = await broker.connect()
    const partition = bad[1] ?? -1
    const answer = reader.request(fetch, 12, { ...fetchBody({ partition, offset: 1 }), maxWaitMs: 60_000 })
    await failSecond()
    await broker.clock.advance(60_000)
    expect((await answer).responses[0]?.partitions[0]?.errorCode).toBe(storageError.code)
  })

  it('with the metadata in it makes changes of metadata fail, and reads go on', async () => {
    const disk = new SimDisk({ random: new SimRandom('metadata') })
    await using broker = await TestBroker.start({ storage: disk.mount(), config: { 'log.dirs': '/bad,/good' } })
    await broker.createTopic('orders', { partitions: 4 })
    const onGood = [0, 1, 2, 3].find((partition) =>
      broker.partitionLog('orders', partition).directory.startsWith('/good'),
    )
    disk.fail({ matches: onBad, times: Number.POSITIVE_INFINITY })
    const topics = [{ name: 'new', numPartitions: 1, replicationFactor: 1 }]
    const answer = await broker.request(createTopics, 7, { topics, timeoutMs: 1000 })
    expect(answer.topics[0]?.errorCode).not.toBe(0)
    expect((await produceBatch(broker, batchOf(['x']), { partition: onGood ?? -1 })).errorCode).toBe(0)
  })
})

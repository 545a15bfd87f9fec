import { errors } from '@odradek/protocol'
import { SimDisk, SimRandom } from '@odradek/runtime/sim'
import { describe, expect, it } from 'vitest'
import { describeLogDirs } from '../../src/handlers/35-describe-log-dirs.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf } from '../test-records.ts'
import { produceBatch, produceValues } from '../test-requests.ts'

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

  it('tells the space of the volume since version 4', async () => {
    await using broker = await TestBroker.start()
    const { results } = await broker.request(describeLogDirs, 3, { topics: [] })
    expect(results).toEqual([
      { errorCode: 0, logDir: '/data', topics: [], totalBytes: -1, usableBytes: -1, isCordoned: false },
    ])
  })

  it('says nothing of topics that are not there', async () => {
    await using broker = await TestBroker.start()
    const { results } = await broker.request(describeLogDirs, 5, { topics: [{ topic: 'nowhere', partitions: [0] }] })
    expect(results).toMatchObject([{ errorCode: 0, topics: [] }])
  })

  it('answers KAFKA_STORAGE_ERROR for a directory that failed, and tells the others', async () => {
    const disk = new SimDisk({ random: new SimRandom('log dirs') })
    await using broker = await TestBroker.start({ storage: disk.mount(), config: { 'log.dirs': '/one,/two' } })
    await broker.createTopic('orders', { partitions: 2 })
    const heal = disk.fail({ matches: ({ path }) => path.startsWith('/two/orders') })
    for (const partition of [0, 1]) await produceBatch(broker, batchOf(['a']), { partition })
    heal()
    const { results } = await broker.request(describeLogDirs, 5, { topics: null })
    expect(results.map(({ logDir, errorCode, topics }) => [logDir, errorCode, topics.length])).toEqual([
      ['/one', 0, 1],
      ['/two', errors.KAFKA_STORAGE_ERROR.code, 0],
    ])
  })
})

import { expect, test } from 'vitest'
import { outcome, producerWorld } from './support/producer-world.ts'

const record = (value: string) => ({ topic: 'orders', partition: 0, value })

/** Sends one record, so that metadata, connection and producer id are there and time belongs to the batches alone. */
async function warm({ world, producer }: Awaited<ReturnType<typeof producerWorld>>): Promise<void> {
  await world.settle(producer.send(record('warm')))
}

test('a batch that is not full leaves when linger.ms is over, with all that came meanwhile', async () => {
  const given = await producerWorld({ lingerMs: 20 })
  await warm(given)
  const { world, broker, producer } = given
  const started = world.elapsedMs
  const first = producer.send(record('a'))
  await world.runFor(15)
  const second = producer.send(record('b'))
  await world.settle(Promise.all([first, second]))
  const { atMs, batches } = broker.produced[1]!
  expect(batches.map(({ values }) => values)).toEqual([['a', 'b']])
  expect(atMs - started).toBeGreaterThanOrEqual(20)
  expect(atMs - started).toBeLessThan(30)
})

test('a batch of batch.size leaves at once, however long linger.ms is', async () => {
  const given = await producerWorld({ lingerMs: 0, batchSize: 200 })
  await warm(given)
  const { world, broker, producer } = given
  const values = Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(40, '.'))
  await world.settle(producer.send(values.map(record)))
  const batches = broker.produced.slice(1).flatMap((request) => request.batches)
  expect(batches.flatMap((batch) => batch.values)).toEqual(values)
  expect(batches.every(({ bytes }) => bytes <= 200)).toBe(true)
  expect(batches.length).toBe(5)
})

test('a record that is larger than batch.size goes out in a batch of its own', async () => {
  const { world, broker, producer } = await producerWorld({ batchSize: 100 })
  const large = 'x'.repeat(5_000)
  await world.settle(producer.send([record('a'), record(large), record('b')]))
  expect(broker.produced.flatMap(({ batches }) => batches.map(({ values }) => values))).toEqual([['a'], [large], ['b']])
})

test('a record above max.request.size fails before it is queued, and says which option bounds it', async () => {
  const { world, producer } = await producerWorld({ maxRequestSize: 1_000 })
  const error = await world.settle(outcome(producer.send(record('x'.repeat(1_001)))))
  expect(error).toMatchObject({ code: 'RECORD_TOO_LARGE', retriable: false })
  expect((error as Error).message).toContain('maxRequestSize')
})

test('a send waits for buffer.memory, and goes on when a batch is acknowledged', async () => {
  const { world, broker, producer } = await producerWorld({ bufferMemory: 1_000, batchSize: 500, lingerMs: 1_000 })
  const values = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(200, '.'))
  const all = await world.settle(producer.send(values.map(record)))
  expect(all.map(({ offset }) => offset)).toEqual(values.map((_, index) => index))
  expect(broker.log('orders')).toEqual(values)
})

test('a send that finds no memory within max.block.ms fails with a time-out', async () => {
  const { world, broker, producer } = await producerWorld({ bufferMemory: 1_000, batchSize: 1_000, maxBlockMs: 300 })
  broker.onProduce = () => 'silent'
  const first = outcome(producer.send(record('x'.repeat(600))))
  const started = world.elapsedMs
  const error = await world.settle(outcome(producer.send(record('y'.repeat(600)))))
  expect(error).toMatchObject({ code: 'MAX_BLOCK_TIMED_OUT', context: { topic: 'orders' } })
  expect(world.elapsedMs - started).toBe(300)
  await world.settle(producer.close({ timeoutMs: 0 }))
  expect(await world.settle(first)).toMatchObject({ code: 'CLIENT_CLOSED' })
})

test('a send to a topic that does not exist fails after max.block.ms and names the topic and the reason', async () => {
  const { world, producer } = await producerWorld({ topics: ['orders'], maxBlockMs: 500 })
  const error = await world.settle(outcome(producer.send({ topic: 'odrers', value: 'a' })))
  expect(error).toMatchObject({ code: 'MAX_BLOCK_TIMED_OUT', context: { topic: 'odrers' } })
  expect(error).toMatchObject({ cause: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } })
})

test('a send to a partition that the topic does not have fails after max.block.ms', async () => {
  const { world, producer } = await producerWorld({ partitions: 2, maxBlockMs: 500 })
  const error = await world.settle(outcome(producer.send({ topic: 'orders', partition: 7, value: 'a' })))
  expect((error as Error).message).toContain('it has 2 partitions, and no partition 7')
})

test('an unreachable bootstrap server fails the send after max.block.ms with the reason', async () => {
  const { world, producer } = await producerWorld({ maxBlockMs: 2_000 })
  world.node('broker').kill()
  const error = await world.settle(outcome(producer.send(record('a'))))
  expect(error).toMatchObject({ code: 'MAX_BLOCK_TIMED_OUT', cause: { code: 'CONNECTION_FAILED' } })
})

test('a signal takes back a record that waits', async () => {
  const { world, producer } = await producerWorld({ topics: [] })
  const controller = new AbortController()
  const sent = outcome(producer.send(record('a'), { signal: controller.signal }))
  await world.runFor(50)
  controller.abort()
  expect(await world.settle(sent)).toMatchObject({ code: 'ABORTED' })
})

test('flush sends what lingers and resolves when it is acknowledged', async () => {
  const { world, broker, producer } = await producerWorld({ lingerMs: 60_000 })
  const sent = producer.send([record('a'), record('b')])
  await world.settle(producer.flush())
  expect(broker.log('orders')).toEqual(['a', 'b'])
  await world.settle(sent)
})

test('close sends what lingers, and a closed producer takes nothing more', async () => {
  const { world, broker, producer } = await producerWorld({ lingerMs: 60_000 })
  const sent = producer.send(record('a'))
  await world.settle(producer.close())
  await world.settle(sent)
  expect(broker.log('orders')).toEqual(['a'])
  expect(await world.settle(outcome(producer.send(record('b'))))).toMatchObject({ code: 'CLIENT_CLOSED' })
})

test('an array of records has one promise, and one that fails does not hide the others', async () => {
  const { world, producer } = await producerWorld()
  const bad = { topic: 'orders', value: 42 as unknown as string }
  const error = await world.settle(outcome(producer.send([record('a'), bad, record('b')])))
  expect(error).toMatchObject({
    code: 'SEND_FAILED',
    results: [{ partition: 0, offset: 0 }, { code: 'SERIALIZATION_FAILED' }, { partition: 0, offset: 1 }],
  })
})

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
  'batches are compressed with %s and hold the same records',
  async (codec) => {
    const { world, broker, producer } = await producerWorld({ compressionType: codec, batchSize: 4_000 })
    const values = Array.from({ length: 500 }, (_, index) => `a value that can be compressed ${index}`)
    await world.settle(producer.send(values.map(record)))
    expect(broker.log('orders')).toEqual(values)
    const batches = broker.produced.flatMap((request) => request.batches)
    expect(new Set(batches.map(({ compression }) => compression))).toEqual(new Set([codec]))
  },
)

test('a batch that is too large for the broker is split and sent again, in order', async () => {
  const { world, broker, producer } = await producerWorld({ batchSize: 8_000 })
  broker.largestBatchBytes = 1_000
  const values = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(100, '.'))
  const all = await world.settle(producer.send(values.map(record)))
  expect(broker.log('orders')).toEqual(values)
  expect(all.map(({ offset }) => offset)).toEqual(values.map((_, index) => index))
})

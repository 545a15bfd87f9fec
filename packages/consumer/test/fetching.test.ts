import { expect, test } from 'vitest'
import { consumerWorld, orders, outcome } from './support/consumer-world.ts'

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${from + index}`)

test('records that are there are returned in their order, and an empty poll ends when its time is over', async () => {
  const { world, cluster, consumer, values, read } = await consumerWorld()
  cluster.log('orders').write(['a', 'b'])
  cluster.log('orders').write(['c'])
  consumer.assign(orders)
  expect(await read(3)).toEqual(['a', 'b', 'c'])
  const startMs = world.elapsedMs
  expect(await values(700)).toEqual([])
  expect(world.elapsedMs - startMs).toBeGreaterThanOrEqual(700)
})

test('a fetch session is begun once, and then names what changed', async () => {
  const { cluster, consumer, read, values } = await consumerWorld({ maxPollRecords: 10 })
  for (const partition of [0, 1]) cluster.log('orders', partition).write(numbers(2, partition * 2))
  consumer.assign([0, 1].map((partition) => ({ topic: 'orders', partition })))
  await read(4)
  cluster.log('orders', 1).write(['4'])
  await read(1)
  await values(700)
  const seen = cluster.fetches.slice(0, 4)
  expect(seen.map(({ sessionId, sessionEpoch, named }) => ({ sessionId, sessionEpoch, named }))).toEqual([
    { sessionId: 0, sessionEpoch: 0, named: ['orders-0@0', 'orders-1@0'] },
    { sessionId: 1, sessionEpoch: 1, named: ['orders-0@2', 'orders-1@2'] },
    { sessionId: 1, sessionEpoch: 2, named: ['orders-1@3'] },
    { sessionId: 1, sessionEpoch: 3, named: [] },
  ])
})

test('a partition that is given up is forgotten by the session', async () => {
  const { cluster, consumer, read } = await consumerWorld()
  for (const partition of [0, 1]) cluster.log('orders', partition).write(numbers(2))
  consumer.assign([0, 1].map((partition) => ({ topic: 'orders', partition })))
  await read(4)
  consumer.assign(orders)
  cluster.log('orders').write(['2'])
  expect(await read(1)).toEqual(['2'])
  cluster.log('orders').write(['3'])
  await read(1)
  expect(cluster.fetches.find(({ forgotten }) => forgotten.length > 0)?.forgotten).toEqual(['orders-1'])
})

test.each([
  { what: 'the broker forgot', happen: 'forget' as const },
  { what: 'the answer was an error', happen: { error: 'INVALID_FETCH_SESSION_EPOCH' as const } },
  { what: 'the answer was lost with its connection', happen: 'close' as const },
  { what: 'the answer does not come', happen: 'silent' as const },
])('a session of which $what is begun again, and nothing is lost or doubled', async ({ happen }) => {
  const { cluster, consumer, read } = await consumerWorld({ requestTimeoutMs: 1_000 })
  const log = cluster.log('orders')
  log.write(numbers(3))
  consumer.assign(orders)
  await read(3)
  if (happen === 'forget') cluster.forgetSessions()
  else cluster.onFetch = ({ number }) => (number === 1 ? happen : undefined)
  log.write(numbers(3, 3))
  expect(await read(3)).toEqual(numbers(3, 3))
  expect(cluster.fetches.filter(({ sessionEpoch }) => sessionEpoch === 0).length).toBe(2)
})

test('partitions with something in the buffer are not fetched, and those that ran dry are', async () => {
  const { world, cluster, consumer, values } = await consumerWorld({ maxPollRecords: 1 })
  for (const partition of [0, 1]) cluster.log('orders', partition).write(numbers(partition === 0 ? 1 : 3))
  consumer.assign([0, 1].map((partition) => ({ topic: 'orders', partition })))
  await values()
  await values()
  await world.runFor(100)
  expect(cluster.fetches.map(({ named }) => named)).toEqual([['orders-0@0', 'orders-1@0'], ['orders-0@1']])
})

test('one request at a time is at a broker, each broker has its own', async () => {
  const { world, cluster, consumer, values } = await consumerWorld({ brokerCount: 2 })
  cluster.log('orders').write(['a'])
  cluster.log('orders', 1).write(['b'])
  cluster.leaders.set('orders-1', 2)
  consumer.assign([0, 1].map((partition) => ({ topic: 'orders', partition })))
  cluster.onFetch = () => 'silent'
  expect(await values(5_000)).toEqual([])
  await world.runFor(100)
  expect(cluster.fetches.map(({ nodeId, named }) => ({ nodeId, named }))).toEqual([
    { nodeId: 1, named: ['orders-0@0'] },
    { nodeId: 2, named: ['orders-1@0'] },
  ])
})

test('a throttled broker is left alone for as long as it asks', async () => {
  const { cluster, consumer, read } = await consumerWorld()
  cluster.throttleTimeMs = 800
  cluster.log('orders').write(['a'])
  consumer.assign(orders)
  await read(1)
  cluster.log('orders').write(['b'])
  await read(1)
  const [first, second] = cluster.fetches
  expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(800)
})

test('offsets that compaction left free are passed over', async () => {
  const { cluster, consumer, read } = await consumerWorld()
  const log = cluster.log('orders')
  log.write(['a', 'b'], { gap: 5 })
  log.write(['c'])
  consumer.assign(orders)
  expect(await read(3)).toEqual(['a', 'b', 'c'])
  expect(consumer.currentLag(orders)).toBe(0)
})

test('a batch that begins before the position is read from the position on', async () => {
  const { cluster, consumer, read } = await consumerWorld()
  cluster.log('orders').write(numbers(10))
  consumer.assign(orders)
  consumer.seek({ ...orders, offset: 7 })
  expect(await read(3)).toEqual(numbers(3, 7))
})

test('read_committed leaves out aborted records exactly, also when fetches cut transactions, and stops at open ones', async () => {
  for (const maxPartitionFetchBytes of [1_000_000, 1]) {
    const { cluster, consumer, read, values } = await consumerWorld({
      isolationLevel: 'read_committed',
      maxPartitionFetchBytes,
    })
    const log = cluster.log('orders')
    log.write(['a'], { producerId: 1 })
    log.write(['x'], { producerId: 2 })
    log.write(['plain'])
    log.end(1, 'COMMIT')
    log.write(['y', 'z'], { producerId: 2 })
    log.end(2, 'ABORT')
    log.write(['b'], { producerId: 2 })
    log.end(2, 'COMMIT')
    log.write(['open'], { producerId: 3 })
    log.write(['behind'])
    consumer.assign(orders)
    expect(await read(3)).toEqual(['a', 'plain', 'b'])
    expect(await values(600)).toEqual([])
    log.end(3, 'ABORT')
    expect(await read(1)).toEqual(['behind'])
  }
})

test('read_uncommitted returns all of them, and no marker', async () => {
  const { cluster, consumer, read } = await consumerWorld()
  const log = cluster.log('orders')
  log.write(['a'], { producerId: 1 })
  log.end(1, 'ABORT')
  log.write(['b'])
  consumer.assign(orders)
  expect(await read(2)).toEqual(['a', 'b'])
  expect(await consumer.position(orders)).toBe(3)
})

test('a damaged batch is an error in front of which reading stops, and behind which seek goes on', async () => {
  const { world, cluster, consumer, values, read } = await consumerWorld()
  const log = cluster.log('orders')
  log.write(['a'])
  log.write(['b', 'c'])
  log.write(['d'])
  const at = log.batches[0]!.bytes.length + 70
  const flip = (records: Uint8Array) => {
    const changed = Uint8Array.from(records)
    if (changed.length > at) changed[at]! ^= 1
    return changed
  }
  cluster.onFetch = ({ named }) => (named.includes('orders-0@0') ? { change: flip } : undefined)
  consumer.assign(orders)
  expect(await values()).toEqual(['a'])
  const damaged = { name: 'CorruptRecordError', code: 'CORRUPT_MESSAGE', ...orders, offset: 1, nextOffset: 3 }
  expect(await world.settle(outcome(consumer.poll()))).toMatchObject(damaged)
  expect(await world.settle(outcome(consumer.poll()))).toMatchObject(damaged)
  consumer.seek({ ...orders, offset: 3 })
  expect(await read(1)).toEqual(['d'])
})

test('with check.crcs=false checksums are not looked at', async () => {
  const { cluster, consumer, read } = await consumerWorld({ checkCrcs: false })
  cluster.log('orders').write(['a'])
  const change = (records: Uint8Array) => Uint8Array.from(records, (byte, index) => (index === 17 ? byte ^ 1 : byte))
  cluster.onFetch = () => ({ change })
  consumer.assign(orders)
  expect(await read(1)).toEqual(['a'])
})

test('an answer without a whole batch is an error, and no endless loop', async () => {
  const { world, cluster, consumer } = await consumerWorld()
  cluster.log('orders').write(['a'.repeat(100)])
  cluster.onFetch = () => ({ change: (records) => records.subarray(0, 70) })
  consumer.assign(orders)
  expect(await world.settle(outcome(consumer.poll()))).toMatchObject({ code: 'RECORD_TOO_LARGE', context: orders })
})

test('what the application may not read is told by the poll', async () => {
  const { world, cluster, consumer } = await consumerWorld()
  cluster.log('orders').write(['a'])
  cluster.onFetch = () => ({ partitionError: 'TOPIC_AUTHORIZATION_FAILED' })
  consumer.assign(orders)
  expect(await world.settle(outcome(consumer.poll()))).toMatchObject({
    code: 'TOPIC_AUTHORIZATION_FAILED',
    context: orders,
  })
  const other = await consumerWorld()
  other.cluster.topicErrors.set('secret', 'TOPIC_AUTHORIZATION_FAILED')
  other.consumer.assign({ topic: 'secret', partition: 0 })
  expect(await other.world.settle(outcome(other.consumer.poll()))).toMatchObject({
    code: 'TOPIC_AUTHORIZATION_FAILED',
    context: { topic: 'secret' },
  })
})

test('a consumer that gets nowhere says what it waits for', async () => {
  const { cluster, consumer, values } = await consumerWorld()
  cluster.log('orders')
  cluster.onListOffsets = () => 'LEADER_NOT_AVAILABLE'
  const stalled: string[] = []
  consumer.hooks.on('stalled', ({ waitsFor }) => stalled.push(waitsFor))
  consumer.assign(orders)
  expect(await values(30_000)).toEqual([])
  expect(stalled[0]).toBe('the position of orders-0 (AWAIT_RESET)')
})

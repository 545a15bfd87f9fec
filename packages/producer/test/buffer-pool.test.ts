import { expect, test } from 'vitest'
import { BufferPool } from '../src/buffer-pool.ts'
import { producerWorld } from './support/producer-world.ts'

test('memory is counted, and refused when there is not as much', () => {
  const pool = new BufferPool(100, 40)
  expect([pool.tryReserve(60), pool.tryReserve(41), pool.freeBytes]).toEqual([true, false, 40])
  pool.release(60)
  expect(pool.freeBytes).toBe(100)
})

test('buffers are kept until they are more than what is free, and only those that were taken here', () => {
  const pool = new BufferPool(100, 40)
  const buffers = [pool.take(40), pool.take(40), pool.take(40), pool.take(40)]
  for (const buffer of [Buffer.alloc(39), Buffer.alloc(42), ...buffers]) pool.keep(buffer)
  const kept = [1, 2, 3, 4].map(() => pool.takeKept(40))
  expect(kept).toEqual([buffers[2], buffers[1], buffers[0], undefined])
})

test('a buffer that is kept makes room for what is taken, but the one that it is taken for', () => {
  const pool = new BufferPool(100, 40)
  for (const buffer of [pool.take(40), pool.take(40)]) pool.keep(buffer)
  pool.tryReserve(100)
  expect([pool.takeKept(40)?.length, pool.takeKept(40)]).toEqual([40, undefined])
})

test('records that are larger than a batch share buffers when they differ a little', () => {
  const pool = new BufferPool(1_000, 40)
  const large = pool.take(101)
  expect(large.length).toBe(105)
  pool.keep(large)
  expect([pool.takeKept(100), pool.takeKept(40), pool.takeKept(104)]).toEqual([undefined, undefined, large])
})

test('thousands of batches through the same few buffers arrive as they were sent', async () => {
  const { world, broker, producer } = await producerWorld({ batchSize: 200, bufferMemory: 2_000 })
  const values = Array.from({ length: 4_000 }, (_, index) => `${index}`.padEnd(40, '.'))
  await world.settle(producer.send(values.map((value) => ({ topic: 'orders', partition: 0, value }))))
  expect(broker.produced.flatMap(({ batches }) => batches.flatMap((batch) => batch.values))).toEqual(values)
})

import { expect, test } from 'vitest'
import { BufferPool } from '../src/buffer-pool.ts'
import { producerWorld } from './support/producer-world.ts'

test('memory is counted, and refused when there is not as much', () => {
  const pool = new BufferPool(100, 40)
  expect([pool.tryReserve(60), pool.tryReserve(41), pool.freeBytes]).toEqual([true, false, 40])
  pool.release(60)
  expect(pool.freeBytes).toBe(100)
})

test('buffers of the size of a batch are kept as long as they fit into what is free, others never', () => {
  const pool = new BufferPool(100, 40)
  const buffers = [Buffer.alloc(40), Buffer.alloc(40), Buffer.alloc(40)]
  for (const buffer of [Buffer.alloc(39), ...buffers]) pool.keepBuffer(buffer)
  expect([pool.takeBuffer(), pool.takeBuffer(), pool.takeBuffer()]).toEqual([buffers[1], buffers[0], undefined])
})

test('thousands of batches through the same few buffers arrive as they were sent', async () => {
  const { world, broker, producer } = await producerWorld({ batchSize: 200, bufferMemory: 2_000 })
  const values = Array.from({ length: 4_000 }, (_, index) => `${index}`.padEnd(40, '.'))
  await world.settle(producer.send(values.map((value) => ({ topic: 'orders', partition: 0, value }))))
  expect(broker.produced.flatMap(({ batches }) => batches.flatMap((batch) => batch.values))).toEqual(values)
})

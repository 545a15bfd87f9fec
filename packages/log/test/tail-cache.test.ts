import { RecordBatchBuilder, RecordBatchView } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { TailCache } from '../src/tail-cache.ts'

const batchAt = (baseOffset: number, bytes: number) => {
  const builder = new RecordBatchBuilder({ baseOffset })
  builder.append({ key: null, value: new Uint8Array(bytes).fill(baseOffset % 251), timestamp: baseOffset })
  return new RecordBatchView(Uint8Array.from(builder.close()))
}

describe('the tail of a partition', () => {
  const readAll = { limitOffset: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER, minOneMessage: true }

  it('gives back what was appended last, up to its budget', () => {
    const tail = new TailCache({ maxBytes: 1_000_000, maxPartitionBytes: 500_000 }).partition()
    const batches = Array.from({ length: 200 }, (_, offset) => batchAt(offset, 10_000))
    for (const batch of batches) tail.append([batch])
    expect(tail.bytes).toBeLessThanOrEqual(500_000)
    const offset = tail.firstOffset!
    expect(offset).toBeGreaterThan(150)
    const held = Buffer.concat(tail.read({ offset, ...readAll })!)
    expect(held).toEqual(Buffer.concat(batches.slice(offset).map((batch) => batch.toBytes())))
  })

  it('never writes over bytes that a reader was given, though it writes over those that nobody saw', () => {
    const cache = new TailCache({ maxBytes: 2_000_000, maxPartitionBytes: 600_000 })
    const tails = [cache.partition(), cache.partition()]
    const lent: { readonly view: Uint8Array; readonly content: Uint8Array }[] = []
    for (let offset = 0; offset < 3000; offset++) {
      for (const tail of tails) tail.append([batchAt(offset, 4000)])
      // Now and then somebody reads, and keeps what it got.
      if (offset % 97 !== 0) continue
      for (const view of tails[0]!.read({ offset, ...readAll })!) lent.push({ view, content: Uint8Array.from(view) })
    }
    expect(lent.length).toBeGreaterThan(30)
    for (const { view, content } of lent) expect(Buffer.compare(view, content)).toBe(0)
  })
})

import { describe, expect, test } from 'vitest'
import { LogContext, recordsOf } from './support/log-context.ts'

describe('PartitionLog', () => {
  test('gives records their offsets and reads them back from memory at once', async () => {
    const context = new LogContext()
    const first = context.append([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ])
    const second = context.append([{ key: 'c', value: '3' }])
    expect([first, second]).toMatchObject([
      { firstOffset: 0, lastOffset: 1, duplicate: false, logAppendTime: -1, logStartOffset: 0 },
      { firstOffset: 2, lastOffset: 2, duplicate: false, logAppendTime: -1, logStartOffset: 0 },
    ])
    const result = context.log.read(1, { maxBytes: 1000, minOneMessage: true, isolation: 'log-end' })
    expect(result).not.toBeInstanceOf(Promise)
    expect(recordsOf(result as never).map(({ offset, key, value }) => [offset, key, value])).toEqual([
      [0, 'a', '1'],
      [1, 'b', '2'],
      [2, 'c', '3'],
    ])
  })

  test('reads from the file what memory does not hold', async () => {
    const context = new LogContext({ tailBytes: 0 })
    context.fill(50, { valueBytes: 500 })
    expect((await context.records()).map(({ offset, key }) => `${offset}${key}`)).toEqual(
      Array.from({ length: 50 }, (_, i) => `${i}k${i}`),
    )
    expect((await context.records(37)).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 13 }, (_, i) => i + 37),
    )
  })

  test('opens again after a clean close and goes on where it was', async () => {
    const context = new LogContext({ config: { segmentBytes: 2000 } })
    context.fill(20, { valueBytes: 200 })
    expect(context.log.close()).toBeUndefined()
    const files = context.files()
    context.open({ cleanShutdown: true })
    expect(context.log.logEndOffset).toBe(20)
    context.fill(1)
    expect((await context.records()).map(({ offset }) => offset)).toEqual(Array.from({ length: 21 }, (_, i) => i))
    expect(files).toContain('00000000000000000020.snapshot')
  })

  test('opens after a crash with everything that was written', async () => {
    const context = new LogContext({ config: { segmentBytes: 2000, indexIntervalBytes: 100 } })
    context.fill(20, { valueBytes: 200 })
    context.open({ cleanShutdown: false })
    expect(context.log.logEndOffset).toBe(20)
    expect((await context.records()).map(({ offset }) => offset)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })
})

import { SimDisk, SimRandom } from '@odradek/runtime/sim'
import { describe, expect, test } from 'vitest'
import { UnsupportedLogFormatError } from '../src/index.ts'
import { directory, LogContext } from './support/log-context.ts'

/** Twenty batches of one record in segments of two. */
function filled(): LogContext {
  const context = new LogContext({ tailBytes: 0, config: { segmentBytes: 500, indexIntervalBytes: 0 } })
  context.fill(20, { valueBytes: 100 })
  return context
}

const all = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const offsets = async (context: LogContext): Promise<number[]> => (await context.records()).map(({ offset }) => offset)

describe('recovery after a crash', () => {
  test('cuts half a batch off', async () => {
    const context = filled()
    const file = context.storage.open(`${directory}/00000000000000000018.log`)
    file.truncate(file.size - 20)
    context.open({ cleanShutdown: false })
    expect(await offsets(context)).toEqual(all(19))
    expect(context.events.at(-1)).toMatchObject({ name: 'recovered', event: { logEndOffset: 19, scannedSegments: 10 } })
  })

  test('cuts at the first bad checksum, and drops everything behind it', async () => {
    const context = filled()
    context.storage.open(`${directory}/00000000000000000006.log`).write(100, Uint8Array.of(0xff))
    context.open({ cleanShutdown: false })
    expect([await offsets(context), context.log.segments.all.length]).toEqual([all(6), 4])
    context.fill(1)
    expect(await offsets(context)).toEqual(all(7))
  })

  test('what it cut off stays away when the power fails at once', async () => {
    const disk = new SimDisk({ random: new SimRandom('cut') })
    const open = () => new LogContext({ storage: disk.mount(), config: { segmentBytes: 500 }, tailBytes: 0 })
    const context = open()
    context.fill(20, { valueBytes: 100 })
    context.storage.open(`${directory}/00000000000000000006.log`).write(250, Uint8Array.of(0xff))
    disk.crash({ loses: 'nothing' })
    expect(await offsets(open())).toEqual(all(7))
    disk.crash({ loses: 'all' })
    const names = disk.mount().list(directory)
    const logs = names
      .filter(({ name }) => name.endsWith('.log'))
      .map(({ name, size }) => [Number.parseInt(name, 10), size])
    expect(logs.map(([baseOffset]) => baseOffset)).toEqual([0, 2, 4, 6])
    expect(logs.at(-1)?.[1]).toBeLessThan(250)
  })

  test.each([
    ['flush.messages', { flushMessages: 1 }],
    ['flush.ms', { flushMs: 50 }],
  ])('with %s, records found in the page cache become durable before anything is written', async (_name, config) => {
    const disk = new SimDisk({ random: new SimRandom('found') })
    const context = new LogContext({ storage: disk.mount(), tailBytes: 0 })
    context.fill(3)
    disk.kill()
    disk.mount().syncDirectoryNow('.')
    const { clock } = new LogContext({ storage: disk.mount(), tailBytes: 0, config })
    clock.advance(50)
    await new Promise<void>((resolve) => clock.afterTurn(resolve))
    disk.crash({ loses: 'all' })
    expect(await offsets(new LogContext({ storage: disk.mount(), tailBytes: 0 }))).toEqual(all(3))
  })

  test('scans no segment before the recovery point', async () => {
    const context = filled()
    context.open({ cleanShutdown: false, recoveryPoint: 16 })
    expect(context.events.at(-1)).toMatchObject({ name: 'recovered', event: { scannedSegments: 2, truncatedBytes: 0 } })
    expect(await offsets(context)).toEqual(all(20))
  })

  test('keeps good segments behind a gap, as compaction leaves one', async () => {
    const context = filled()
    context.storage.open(`${directory}/00000000000000000016.log`).truncate(0)
    context.open({ cleanShutdown: false })
    expect(await offsets(context)).toEqual([...all(16), 18, 19])
  })

  test('a file of zeros is no batch', async () => {
    const context = filled()
    context.storage.open(`${directory}/00000000000000000018.log`).append([new Uint8Array(4096)])
    context.open({ cleanShutdown: false })
    expect(await offsets(context)).toEqual(all(20))
    expect(
      context.storage.list(directory).find(({ name }) => name.startsWith('00000000000000000018.log'))?.size,
    ).toBeLessThan(500)
  })

  test('keeps a log start offset that lies inside a segment', async () => {
    const context = filled()
    context.open({ cleanShutdown: false, logStartOffset: 7 })
    expect([context.log.logStartOffset, (await offsets(context))[0]]).toEqual([7, 7])
  })

  test('a log that ends before its start begins anew at the start', async () => {
    const context = filled()
    context.open({ cleanShutdown: false, logStartOffset: 100 })
    expect([context.log.logStartOffset, context.log.logEndOffset, context.log.segments.all.length]).toEqual([
      100, 100, 1,
    ])
  })

  test('refuses records of the format before Kafka 0.11 rather than cutting them off', () => {
    const context = new LogContext()
    const message = Buffer.from('0000000000000000000000160000000001000000018bcfe568000000000003616263', 'hex')
    // Offset, length, CRC-32 of what follows it, magic 1.
    message.writeInt32BE(message.length - 12, 8)
    message.writeUInt32BE(crc32(message.subarray(16)), 12)
    context.storage.open(`${directory}/00000000000000000000.log`).append([message])
    expect(() => context.open({ cleanShutdown: false })).toThrow(UnsupportedLogFormatError)
  })
})

describe('what is left half done', () => {
  test('indexes that are gone or cannot be right are made again', async () => {
    const context = filled()
    context.log.close()
    context.storage.remove(`${directory}/00000000000000000000.index`)
    context.storage.open(`${directory}/00000000000000000004.index`).append([new Uint8Array(3)])
    context.storage.remove(`${directory}/00000000000000000006.timeindex`)
    const before = [0, 4, 6].map((base) => context.log.segments.floor(base)?.maxTimestamp)
    context.open({ cleanShutdown: true })
    expect(await offsets(context)).toEqual(all(20))
    expect([0, 4, 6].map((base) => context.log.segments.floor(base)?.maxTimestamp)).toEqual(before)
    expect(context.events.at(-1)).toMatchObject({ event: { scannedSegments: 3 } })
  })

  test('a wrong index entry is found when it is used, and the batches are read all the same', async () => {
    const context = new LogContext({ tailBytes: 0, config: { indexIntervalBytes: 0 } })
    context.fill(20, { valueBytes: 100 })
    context.log.close()
    context.storage.open(`${directory}/00000000000000000000.index`).write(8 * 9 + 4, Uint8Array.of(0, 0, 0, 200))
    context.open({ cleanShutdown: true })
    expect((await context.records(10)).map(({ offset }) => offset)).toEqual(all(20).slice(10))
  })

  test('files marked as deleted or being cleaned are removed, and indexes without a log', () => {
    const context = filled()
    context.log.close()
    for (const name of [
      '00000000000000000000.log.deleted',
      '00000000000000000004.log.cleaned',
      '00000000000000000004.index.cleaned',
      '00000000000000000099.index',
    ]) {
      context.storage.writeFile(`${directory}/${name}`, new Uint8Array(8))
    }
    context.open({ cleanShutdown: true })
    expect(context.files().filter((name) => /deleted|cleaned|0099/.test(name))).toEqual([])
    expect(context.log.logEndOffset).toBe(20)
  })

  test('a segment that was to replace others takes their place', async () => {
    const context = filled()
    context.log.close()
    // What compaction made of the segments at 4 and 6: the record at 6 alone.
    const file = context.storage.open(`${directory}/00000000000000000006.log`)
    const bytes = file.readSync(0, file.size)
    context.storage.writeFile(`${directory}/00000000000000000004.log.swap`, bytes.slice())
    context.open({ cleanShutdown: true })
    expect(await offsets(context)).toEqual(all(20).filter((offset) => offset !== 4 && offset !== 5))
    expect(context.log.segments.all.map(({ baseOffset }) => baseOffset)).not.toContain(6)
  })

  test('a replacement that was not decided is thrown away', async () => {
    const context = filled()
    context.log.close()
    context.storage.writeFile(`${directory}/00000000000000000006.log.swap`, new Uint8Array(100))
    context.storage.writeFile(`${directory}/00000000000000000004.log.cleaned`, new Uint8Array(100))
    context.open({ cleanShutdown: true })
    expect(await offsets(context)).toEqual(all(20))
  })

  test('snapshots without a segment are removed, but for the one of the clean shutdown', () => {
    const context = filled()
    context.log.close()
    context.storage.writeFile(`${directory}/00000000000000000003.snapshot`, new Uint8Array(8))
    context.open({ cleanShutdown: true })
    const snapshots = context.files().filter((name) => name.endsWith('.snapshot'))
    expect(snapshots.map((name) => Number.parseInt(name, 10))).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
  })
})

describe('bytes that changed on the disk', () => {
  test('are never served; what comes before and after them is', async () => {
    const context = filled()
    context.log.close()
    context.storage.open(`${directory}/00000000000000000004.log`).write(150, Uint8Array.of(0xff))
    context.open({ cleanShutdown: true })
    expect(await context.read(4)).toMatchObject({ error: 'CORRUPT_MESSAGE' })
    expect(await context.read(4)).toMatchObject({ error: 'CORRUPT_MESSAGE' })
    expect((await context.records(5)).map(({ offset }) => offset)).toEqual(all(20).slice(5))
    expect((await context.read(3)).error).toBeUndefined()
    expect(context.events.filter(({ name }) => name === 'corruptionFound')).toMatchObject([
      { event: { path: `${directory}/00000000000000000004.log`, position: 0, topic: 'orders', partition: 0 } },
    ])
  })
})

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

/** What the log costs: `npm run bench -w @odradek/log`. Medians of several rounds on the disk of the temporary directory. */
import { tmpdir } from 'node:os'
import { crc32c, RecordBatchBuilder, RecordBatchView } from '@odradek/protocol'
import { MemoryStorage, type Storage } from '@odradek/runtime'
import { NodeClock, NodeRandom, NodeStorage } from '@odradek/runtime/node'
import { defaultLogConfig, LogCleaner, type LogConfig, LogRegistry, type PartitionLog } from '../src/index.ts'

const rounds = 5
const clock = new NodeClock()
const random = new NodeRandom()
const root = `${tmpdir()}/odradek-log-bench-${process.pid}`
const topicPartition = { topic: 'bench', partition: 0 }

interface Opened {
  readonly registry: LogRegistry
  readonly log: PartitionLog
}

async function open(
  storage: Storage,
  options: { readonly config?: Partial<LogConfig>; readonly tailBytes?: number } = {},
): Promise<Opened> {
  const config = { ...defaultLogConfig, ...options.config }
  const registry = new LogRegistry({
    storage,
    clock,
    random,
    paths: [root],
    tailBytes: options.tailBytes ?? 67_108_864,
  })
  await registry.load(() => config)
  return { registry, log: registry.createLog(topicPartition, { topicId: 'AAAAAAAAAAAAAAAAAAAAAg', config }) }
}

function batchOf(bytes: number, key?: string): Uint8Array {
  const builder = new RecordBatchBuilder({ initialBytes: bytes * 2 })
  do builder.append({ key: key ?? null, value: new Uint8Array(100), timestamp: clock.now() })
  while (builder.sizeInBytes + 110 < bytes)
  return builder.close().slice()
}

function append(log: PartitionLog, batch: Uint8Array): void {
  new RecordBatchView(batch).setBaseOffset(0)
  const result = log.append(batch, { origin: 'client', leaderEpoch: 0 })
  if (result.error !== undefined) throw new Error(result.message)
}

/** Median of the seconds that `run` takes. */
async function median(run: () => void | Promise<void>): Promise<number> {
  const seconds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await run()
    seconds.push((performance.now() - start) / 1000)
  }
  return seconds.sort((a, b) => a - b)[rounds >> 1] as number
}

function report(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(64)} ${value.toPrecision(3).padStart(8)} ${unit}\n`)
}

async function benchAppend(storage: Storage, name: string): Promise<void> {
  for (const bytes of [200, 1024, 16_384]) {
    const { registry, log } = await open(storage, { config: { segmentBytes: 268_435_456 } })
    // Each batch of a turn is patched and kept until it is written, so it has bytes of its own.
    const batches = Array.from({ length: 8 }, () => batchOf(bytes))
    const count = Math.floor(100_000_000 / Math.max(bytes, 2000))
    const checked = await median(() => {
      for (let i = 0; i < count; i++) {
        append(log, batches[i % 8] as Uint8Array)
        if (i % 8 === 7) log.writePending()
      }
      log.writePending()
    })
    const crc = await median(() => {
      for (let i = 0; i < count; i++) crc32c(batches[i % 8] as Uint8Array)
    })
    report(`append ${bytes} B batches, 8 a turn, ${name}`, (checked / count) * 1e6, 'µs/batch')
    report('  of which CRC-32C', (crc / count) * 1e6, 'µs/batch')
    registry.close()
    storage.remove(root)
  }
}

async function benchRead(storage: Storage, tailBytes: number, name: string): Promise<void> {
  const { registry, log } = await open(storage, { tailBytes })
  const batch = batchOf(16_384)
  for (let i = 0; i < 1000; i++) {
    append(log, batch)
    log.writePending()
  }
  const first = tailBytes > 0 ? (log.tail.firstOffset ?? 0) : 0
  let bytes = 0
  const seconds = await median(async () => {
    bytes = 0
    for (let offset = first; offset < log.logEndOffset; ) {
      const read = log.read(offset, { maxBytes: 1_048_576, minOneMessage: true, isolation: 'log-end' })
      const result = read instanceof Promise ? await read : read
      if (result.error !== undefined) throw new Error(result.message)
      bytes += result.sizeInBytes
      const records = new RecordBatchView(batch).recordCount
      offset += (result.sizeInBytes / batch.length) * records
    }
  })
  report(`read a megabyte a time, ${name}`, bytes / seconds / 1e9, 'GB/s')
  registry.close()
  storage.remove(root)
}

async function benchRecovery(storage: Storage): Promise<void> {
  const { registry, log } = await open(storage)
  const batch = batchOf(16_384)
  for (let i = 0; i < 16_000; i++) {
    append(log, batch)
    log.writePending()
  }
  const bytes = log.sizeInBytes
  registry.abandon()
  const seconds = await median(async () => (await open(storage)).registry.abandon())
  report('recover after a crash', bytes / seconds / 1e9, 'GB/s')
  storage.remove(root)
}

async function benchCompaction(storage: Storage): Promise<void> {
  const config = { segmentBytes: 16_777_216, cleanupPolicy: new Set(['compact'] as const), minCleanableDirtyRatio: 0 }
  const { registry, log } = await open(storage, { config })
  for (let i = 0; i < 4000; i++) append(log, batchOf(16_384, `key ${i % 1000}`))
  log.writePending()
  log.roll()
  log.updateHighWatermark(log.logEndOffset)
  const bytes = log.sizeInBytes
  const start = performance.now()
  await new LogCleaner(registry, { clock }).cleanAll()
  report('compact', (bytes / (performance.now() - start)) * 1e-3, 'MB/s')
  registry.abandon()
  storage.remove(root)
}

const disk = new NodeStorage()
disk.makeDirectory(root)
await benchAppend(disk, 'disk')
await benchAppend(new MemoryStorage({ clock }), 'memory')
await benchRead(disk, 16_777_216, 'tail from memory')
await benchRead(disk, 0, 'from the file, checked')
await benchRecovery(disk)
await benchCompaction(disk)
disk.remove(root)

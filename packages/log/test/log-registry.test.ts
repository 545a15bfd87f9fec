import { MemoryStorage, StorageError } from '@odradek/runtime'
import { SimDisk, SimRandom } from '@odradek/runtime/sim'
import { describe, expect, test } from 'vitest'
import { defaultLogConfig, type LogConfig, LogRegistry, type LogRegistryOptions } from '../src/index.ts'
import { LogContext } from './support/log-context.ts'
import { ManualClock } from './support/manual-clock.ts'

const random = {
  nextInt: () => 0,
  nextFloat: () => 0,
  nextBytes: (length: number) => new Uint8Array(length).fill(0xab),
}
const topicId = '4DJhSmpNQgakc2Z_rpYeqA'
const config: LogConfig = { ...defaultLogConfig, segmentBytes: 500, fileDeleteDelayMs: 1000 }

class RegistryContext {
  readonly clock = new ManualClock()
  readonly storage = new MemoryStorage({ clock: this.clock })
  readonly events: string[] = []

  open(options: Partial<LogRegistryOptions> = {}): LogRegistry {
    const { storage, clock } = this
    const registry = new LogRegistry({ storage, clock, random, paths: ['data'], ...options })
    registry.hooks.on('offline', ({ directory }) => this.events.push(`offline ${directory}`))
    registry.hooks.on('recovered', (event) =>
      this.events.push(`recovered ${event.topic}-${event.partition} ${event.cleanShutdown}`),
    )
    return registry
  }

  async reopen(registry: LogRegistry): Promise<LogRegistry> {
    registry.close({ brokerEpoch: 5 })
    const next = this.open()
    await next.load(() => config)
    return next
  }
}

function fill(registry: LogRegistry, topic: string, count: number): void {
  const log = registry.log(topic, 0)
  const batch = new LogContext().batch([{ key: 'k', value: 'x'.repeat(100) }])
  for (let i = 0; i < count; i++) log?.append(batch.slice(), { origin: 'client', leaderEpoch: 0 })
  registry.writePending()
  log?.updateHighWatermark(log.logEndOffset)
}

describe('LogRegistry', () => {
  test('finds after a clean shutdown what it left: logs, ids, offsets and the broker epoch', async () => {
    const context = new RegistryContext()
    const registry = context.open()
    await registry.load(() => config)
    registry.createLog({ topic: 'a-b', partition: 12 }, { topicId, config })
    registry.createLog({ topic: 'orders', partition: 0 }, { topicId, config })
    fill(registry, 'orders', 9)
    registry.log('orders', 0)?.deleteRecordsBefore(3)
    registry.close({ brokerEpoch: 5 })
    const next = context.open()
    expect(next.directories[0]?.cleanShutdown).toEqual({ brokerEpoch: 5 })
    await next.load(() => config)
    expect(next.directories[0]?.cleanShutdown).toBeUndefined()
    const log = next.log('orders', 0)
    expect([log?.topicId, log?.logStartOffset, log?.highWatermark, log?.logEndOffset]).toEqual([topicId, 3, 9, 9])
    expect(next.log('a-b', 12)?.logEndOffset).toBe(0)
    expect(context.events).toContain('recovered orders-0 true')
  })

  test('a clean shutdown is forgotten with the next start, also by a disk that then loses its power', async () => {
    const disk = new SimDisk({ random: new SimRandom('marker') })
    const open = () => new LogRegistry({ storage: disk.mount(), clock: new ManualClock(), random, paths: ['data'] })
    const first = open()
    await first.load(() => config)
    first.close({ brokerEpoch: 5 })
    disk.crash({ loses: 'nothing' })
    const second = open()
    expect(second.directories[0]?.cleanShutdown).toEqual({ brokerEpoch: 5 })
    await second.load(() => config)
    disk.crash({ loses: 'all' })
    expect(open().directories[0]?.cleanShutdown).toBeUndefined()
  })

  test('a clean shutdown keeps its records and producers when the power fails afterwards', async () => {
    const disk = new SimDisk({ random: new SimRandom('snapshot') })
    const open = async () => {
      const registry = new LogRegistry({ storage: disk.mount(), clock: new ManualClock(), random, paths: ['data'] })
      await registry.load(() => config)
      return registry
    }
    const first = await open()
    const log = first.createLog({ topic: 'orders', partition: 0 }, { topicId, config })
    const producer = { producerId: 7, producerEpoch: 0, baseSequence: 0, isTransactional: false }
    log.append(new LogContext().batch([{ value: 'a' }], { producer }), { origin: 'client', leaderEpoch: 0 })
    first.close({ brokerEpoch: 5 })
    // The marker has reached the disk, what nobody asked to be durable has not.
    disk.mount().syncDirectoryNow('data')
    disk.crash({ loses: 'all' })
    const second = await open()
    expect(second.log('orders', 0)?.logEndOffset).toBe(1)
    expect(second.log('orders', 0)?.describeProducers()).toMatchObject([{ producerId: 7, lastSequence: 0 }])
  })

  test('recovers after a kill from the checkpoints, and knows it was one', async () => {
    const context = new RegistryContext()
    const registry = context.open()
    await registry.load(() => config)
    registry.createLog({ topic: 'orders', partition: 0 }, { topicId, config })
    fill(registry, 'orders', 9)
    await registry.log('orders', 0)?.flush()
    for (const directory of registry.directories) {
      directory.checkpointRecoveryPoints()
      directory.checkpointHighWatermarks()
    }
    registry.abandon()
    const next = context.open()
    await next.load(() => config)
    expect([next.log('orders', 0)?.highWatermark, next.log('orders', 0)?.logEndOffset]).toEqual([9, 9])
    expect(context.events.at(-1)).toBe('recovered orders-0 false')
  })

  test('a directory belongs to one process', () => {
    const context = new RegistryContext()
    const registry = context.open()
    expect(() => context.open({ paths: ['other', 'data'] })).toThrow(StorageError)
    expect(() => context.open({ paths: ['other'] })).not.toThrow()
    registry.close()
    expect(() => context.open()).not.toThrow()
  })

  test('appends to several logs in one turn are written together when the turn ends', async () => {
    const context = new RegistryContext()
    const registry = context.open()
    await registry.load(() => config)
    const logs = [0, 1].map((partition) => registry.createLog({ topic: 't', partition }, { topicId, config }))
    const batch = new LogContext().batch([{ value: 'x' }])
    for (const log of [...logs, ...logs]) log.append(batch.slice(), { origin: 'client', leaderEpoch: 0 })
    expect(logs.map(({ logEndOffset }) => logEndOffset)).toEqual([0, 0])
    registry.writePending()
    expect(logs.map(({ logEndOffset }) => logEndOffset)).toEqual([2, 2])
  })

  test('new logs go where the fewest are', async () => {
    const registry = new RegistryContext().open({ paths: ['one', 'two'] })
    await registry.load(() => config)
    for (let partition = 0; partition < 5; partition++)
      registry.createLog({ topic: 't', partition }, { topicId, config })
    expect(registry.directories.map(({ logCount }) => logCount)).toEqual([3, 2])
    expect(registry.directoryOf({ topic: 't', partition: 1 })?.path).toBe('two')
  })

  test('a deleted log is gone at once, its files after file.delete.delay.ms, and after a restart in any case', async () => {
    const context = new RegistryContext()
    let registry = context.open()
    await registry.load(() => config)
    for (const topic of ['a', 'b']) registry.createLog({ topic, partition: 0 }, { topicId, config })
    const names = (): string[] =>
      context.storage
        .list('data')
        .filter(({ directory }) => directory)
        .map(({ name }) => name)
    registry.deleteLog({ topic: 'a', partition: 0 })
    expect([registry.log('a', 0), names()]).toEqual([undefined, [`a-0.${'ab'.repeat(16)}-delete`, 'b-0']])
    context.clock.advance(1000)
    expect(names()).toEqual(['b-0'])
    registry.deleteLog({ topic: 'b', partition: 0 })
    registry = await context.reopen(registry)
    expect([names(), [...registry.logs]]).toEqual([[], []])
    registry.createLog({ topic: 'a', partition: 0 }, { topicId, config })
    expect(registry.log('a', 0)?.logEndOffset).toBe(0)
  })

  test('a directory that belongs to no topic is set aside', async () => {
    const context = new RegistryContext()
    const registry = context.open()
    await registry.load(() => config)
    registry.createLog({ topic: 'gone', partition: 3 }, { topicId, config })
    registry.close()
    const next = context.open()
    const asked: unknown[] = []
    await next.load((topicPartition, id) => void asked.push([topicPartition, id]))
    expect(asked).toEqual([[{ topic: 'gone', partition: 3 }, topicId]])
    expect(context.storage.exists(`data/gone-3.${'ab'.repeat(16)}-stray`)).toBe(true)
  })

  test('a directory that fails goes offline with all of its logs, is told once, and leaves the others alone', async () => {
    const context = new RegistryContext()
    const storage = new MemoryStorage({ clock: context.clock, capacityBytes: 20_000 })
    const registry = context.open({ storage, paths: ['one', 'two'] })
    await registry.load(() => config)
    for (const partition of [0, 1, 2]) registry.createLog({ topic: 't', partition }, { topicId, config })
    fill(registry, 't', 200)
    const failed = registry.directoryOf({ topic: 't', partition: 0 })
    expect(failed?.failure).toMatchObject({ code: 'no-space' })
    expect([0, 1, 2].map((partition) => registry.log('t', partition)?.isOffline)).toEqual([true, false, true])
    expect(registry.log('t', 2)?.append(new Uint8Array(100), { origin: 'client', leaderEpoch: 0 }).error).toBe(
      'KAFKA_STORAGE_ERROR',
    )
    expect(context.events.filter((event) => event.startsWith('offline'))).toEqual([`offline ${failed?.path}`])
    expect(registry.createLog({ topic: 't', partition: 3 }, { topicId, config }).isOffline).toBe(false)
    registry.close()
    expect(storage.exists(`${failed?.path}/.kafka_cleanshutdown`)).toBe(false)
  })

  test('looks after retention, checkpoints and silent producers on the clock', async () => {
    const context = new RegistryContext()
    const registry = context.open()
    await registry.load(() => ({ ...config, retentionMs: 1000 }))
    registry.createLog({ topic: 'orders', partition: 0 }, { topicId, config: { ...config, retentionMs: 1000 } })
    registry.startMaintenance()
    fill(registry, 'orders', 9)
    context.clock.advance(5000)
    const checkpoint = (name: string): string => new TextDecoder().decode(context.storage.readFile(`data/${name}`))
    expect(checkpoint('replication-offset-checkpoint')).toBe('0\n1\norders 0 9\n')
    context.clock.advance(25_000)
    expect(registry.log('orders', 0)?.logStartOffset).toBe(9)
    context.clock.advance(30_000)
    await registry.log('orders', 0)?.flush()
    context.clock.advance(60_000)
    expect(checkpoint('recovery-point-offset-checkpoint')).toBe('0\n1\norders 0 9\n')
    registry.close()
    expect(context.clock.timers.filter((key) => key.startsWith('log registry'))).toEqual([])
  })

  test('the metadata log is opened on its own, and left out of the checkpoints', async () => {
    const context = new RegistryContext()
    const registry = context.open()
    await registry.load(() => config)
    const log = registry.directories[0]?.openMetadataLog({ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', config })
    const bytes = new LogContext().batch([{ value: 'x' }], { partitionLeaderEpoch: 2 })
    log?.append(bytes, { origin: 'raft', leaderEpoch: 2 })
    const next = await context.reopen(registry)
    expect([...next.logs]).toEqual([])
    expect(next.directories[0]?.openMetadataLog({ topicId: undefined, config }).logEndOffset).toBe(1)
    expect(new TextDecoder().decode(context.storage.readFile('data/recovery-point-offset-checkpoint'))).toBe('0\n0\n')
  })
})

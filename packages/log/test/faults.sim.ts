import { recordBatches } from '@odradek/protocol'
import { runSeeds } from '@odradek/runtime/sim'
import { describe, expect, test } from 'vitest'
import type { FetchedRecords } from '../src/index.ts'
import { CrashSimulation } from './support/crash-simulation.ts'

const command = 'npx vitest run packages/log/test/faults.sim.ts'
const timeout = 3_600_000

describe('a partition log on a disk with faults', () => {
  test('a failing call takes the directory offline, and everything acknowledged is there after a restart', {
    timeout,
  }, async () => {
    await runSeeds({ command, seeds: 20 }, async (seed) => {
      const simulation = new CrashSimulation(seed)
      await simulation.create()
      const skip = simulation.random.nextInt(400)
      const leavesBytes = simulation.random.chance(0.5)
      const heal = simulation.disk.fail({ skip, times: Number.POSITIVE_INFINITY, leavesBytes })
      await simulation.work(400)
      expect(simulation.log.isOffline).toBe(true)
      expect(simulation.offline).toBe(1)
      expect(simulation.log.writePending()).toBe('KAFKA_STORAGE_ERROR')
      expect(await simulation.read(0)).toMatchObject({ error: 'KAFKA_STORAGE_ERROR' })
      heal()
      simulation.stop('kill')
      await simulation.start()
      await simulation.check()
    })
  })

  test('a full disk takes the directory offline, and everything acknowledged is there after a restart', {
    timeout,
  }, async () => {
    await runSeeds({ command, seeds: 20 }, async (seed) => {
      const simulation = new CrashSimulation(seed, { retentionMs: -1, retentionBytes: -1 })
      await simulation.create()
      await simulation.work(simulation.random.nextInt(50))
      simulation.disk.capacityBytes = simulation.disk.usedBytes + simulation.random.nextInt(5000)
      await simulation.work(1000)
      expect(simulation.log.isOffline).toBe(true)
      simulation.disk.capacityBytes = 2 ** 40
      simulation.stop('kill')
      await simulation.start()
      await simulation.check()
    })
  })

  test('a flipped bit is found or changes nothing that is served', { timeout }, async () => {
    await runSeeds({ command, seeds: 20 }, async (seed) => {
      const simulation = new CrashSimulation(seed, {}, 0)
      await simulation.create()
      await simulation.work(80)
      const { log } = simulation
      simulation.append(1)
      const segment = simulation.random.pick(log.segments.all.filter(({ size }) => size > 0))
      const position = simulation.disk.corrupt(segment.path)
      // Offsets of the batch that was hit; whoever reads one of them must be told.
      const hit = simulation.batchAt(segment.baseOffset, position)
      let found = 0
      for (let offset = log.logStartOffset; offset < log.logEndOffset; offset++) {
        const result = await simulation.read(offset, 1)
        if (result.error !== undefined) {
          expect(result.error).toBe('CORRUPT_MESSAGE')
          // A wrong length hides the batches behind it as well, up to the next index entry.
          expect(simulation.batchOf(offset)).toBeGreaterThanOrEqual(hit.previousBaseOffset)
          found++
          continue
        }
        const [batch] = recordBatches((result as FetchedRecords).chunks[0] as Uint8Array)
        expect(simulation.known(batch?.baseOffset ?? -1)).toMatchObject({
          lastOffset: batch?.lastOffset,
          crc: batch?.crc,
        })
        expect(batch?.hasValidCrc()).toBe(true)
        expect(offset).toBeGreaterThanOrEqual(batch?.baseOffset ?? -1)
        if (!hit.isLeaderEpoch) expect(batch?.baseOffset).not.toBe(hit.baseOffset)
      }
      if (hit.baseOffset >= log.logStartOffset && !hit.isLeaderEpoch) expect(found).toBeGreaterThan(0)
      expect(simulation.corruptions.length > 0).toBe(found > 0)
    })
  })
})

import { runSeeds } from '@odradek/runtime/sim'
import { describe, test } from 'vitest'
import type { CleanupPolicy } from '../src/index.ts'
import { CrashSimulation } from './support/crash-simulation.ts'

const command = 'npx vitest run packages/log/test/crash.sim.ts'
const timeout = 3_600_000

describe('a partition log on a disk that fails', () => {
  test('after kill -9 everything acknowledged is there, and indexes and producers are those of a fresh scan', {
    timeout,
  }, async () => {
    await runSeeds({ command, seeds: 12 }, async (seed) => {
      const simulation = new CrashSimulation(seed)
      await simulation.create()
      for (let round = 0; round < 4; round++) {
        await simulation.work(60)
        simulation.stop('kill')
        await simulation.start()
        await simulation.check()
      }
    })
  })

  test('after a power failure everything synced is there, in whole batches', { timeout }, async () => {
    await runSeeds({ command, seeds: 20 }, async (seed) => {
      const simulation = new CrashSimulation(seed)
      await simulation.create()
      for (let round = 0; round < 4; round++) {
        await simulation.work(60)
        simulation.stop('crash')
        await simulation.start()
        await simulation.check()
      }
    })
  })

  test('after a clean shutdown everything is there', { timeout }, async () => {
    await runSeeds({ command, seeds: 8 }, async (seed) => {
      const simulation = new CrashSimulation(seed)
      await simulation.create()
      for (let round = 0; round < 3; round++) {
        await simulation.work(60)
        await simulation.closeCleanly()
        await simulation.start()
        await simulation.check()
      }
    })
  })

  test('compaction interrupted by a crash loses no last value of a key', { timeout }, async () => {
    await runSeeds({ command, seeds: 12 }, async (seed) => {
      const cleanupPolicy = new Set<CleanupPolicy>(['compact'])
      const simulation = new CrashSimulation(seed, { cleanupPolicy, segmentBytes: 2000 })
      await simulation.create()
      for (let round = 0; round < 4; round++) {
        await simulation.work(80)
        // A compacted log may have gaps, so one that a power failure makes between two segments would not be told from them.
        if (round % 2 === 1) await simulation.flush()
        simulation.stop(round % 2 === 0 ? 'kill' : 'crash')
        await simulation.start()
        await simulation.check()
      }
    })
  })
})

import { runSeeds } from '@odradek/runtime/sim'
import { describe, expect, test } from 'vitest'
import { type EndOfRound, isOrderly, MachineRun } from '../src/machine-run.ts'

const command = 'npx vitest run tests/simulation/test/machine.sim.ts'
const timeout = 3_600_000
const ends: readonly EndOfRound[] = ['clean shutdown', 'switch off', 'kill', 'kill', 'power failure', 'power failure']

/** Four rounds of work; answers the trace of all that happened. */
async function workThrough(seed: number, endsOfRounds: readonly EndOfRound[]): Promise<string> {
  const run = new MachineRun(seed)
  await run.create()
  for (let round = 0; round < 4; round++) {
    const end = run.random.pick(endsOfRounds)
    await run.work(end)
    const isInterrupted = !isOrderly(end) && run.random.chance(0.3)
    await run.start(isInterrupted ? { interruptedBy: end } : {})
    await run.check(end)
  }
  for (const { acknowledgedCount } of run.ledgers) expect(acknowledgedCount).toBeGreaterThan(0)
  return run.world.traceHash
}

describe('a broker on a simulated machine', () => {
  test('keeps everything acknowledged, once and in order, when it is killed at any event', { timeout }, async () => {
    await runSeeds({ command, seeds: 6 }, async (seed) => {
      await workThrough(seed, ['kill'])
    })
  })

  test('loses nothing durable, and else only ends of segments, when the power fails', { timeout }, async () => {
    await runSeeds({ command, seeds: 10 }, async (seed) => {
      await workThrough(seed, ends)
    })
  })

  test.each([
    [89, 'records that a killed process left in the page cache were acknowledged as duplicates and not durable'],
  ])('keeps seed %i right: %s', { timeout }, async (seed) => {
    await workThrough(seed, ends)
  })

  test('does the same again with the same seed', { timeout }, async () => {
    await runSeeds({ command, seeds: 1, eachNth: 10 }, async (seed) => {
      expect(await workThrough(seed, ends)).toBe(await workThrough(seed, ends))
    })
  })

  test('goes offline when a disk call fails, acknowledges nothing that is not written, and has all of it after a restart', {
    timeout,
  }, async () => {
    await runSeeds({ command, seeds: 12 }, async (seed) => {
      const run = new MachineRun(seed)
      await run.create()
      const skip = run.random.nextInt(1500)
      const leavesBytes = run.random.chance(0.5)
      const heal = run.disk.fail({ skip, times: Number.POSITIVE_INFINITY, leavesBytes })
      await run.workUntilOffline()
      expect(run.offline).toBe(1)
      expect(run.storageErrors).toBeGreaterThan(0)
      heal()
      await run.end('kill')
      await run.start()
      await run.check('kill')
      await run.work('clean shutdown')
      await run.start()
      await run.check('clean shutdown')
    })
  })

  test('goes offline when the disk is full, and has everything acknowledged when there is room again', {
    timeout,
  }, async () => {
    await runSeeds({ command, seeds: 8 }, async (seed) => {
      const run = new MachineRun(seed)
      await run.create()
      await run.work('kill')
      await run.start()
      await run.check('kill')
      run.disk.capacityBytes = run.disk.usedBytes + run.random.nextInt(200_000)
      await run.workUntilOffline()
      expect(run.offline).toBe(1)
      expect(run.storageErrors).toBeGreaterThan(0)
      run.disk.capacityBytes = 2 ** 40
      await run.end('kill')
      await run.start()
      await run.check('kill')
    })
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KillRun } from '../src/kill-run.ts'
import { copyBatchesOnly, logContents } from '../src/log-contents.ts'

// Real processes take real time: fifty kills in a simulation of any length, eight in the check.
const killsWanted = process.env['ODRADEK_KILLS'] ?? (process.env['ODRADEK_SEEDS'] === undefined ? '8' : '50')
const killsOfRun = 10
const runs = Array.from({ length: Math.ceil(Number(killsWanted) / killsOfRun) }, (_, index) => ({
  seed: index + 1,
  kills: Math.min(killsOfRun, Number(killsWanted) - index * killsOfRun),
}))

describe('a broker killed with kill -9 at any instant under load', () => {
  test.each(runs)(
    'has everything acknowledged, once and in order, after each of $kills kills, seed $seed',
    {
      timeout: 120_000,
    },
    async ({ seed, kills }) => {
      const directory = mkdtempSync(join(tmpdir(), 'odradek-kill-'))
      const [data, scanned] = [join(directory, 'data'), join(directory, 'scanned')]
      try {
        const run = new KillRun(data, seed)
        await run.create()
        for (let kill = 0; kill < kills; kill++) await run.killUnderLoad()
        await run.finish()
        for (const { acknowledgedCount } of run.ledgers) expect(acknowledgedCount).toBeGreaterThan(100)
        copyBatchesOnly(data, scanned)
        expect(await logContents(scanned)).toEqual(await logContents(data))
      } finally {
        rmSync(directory, { recursive: true, force: true })
      }
    },
  )
})

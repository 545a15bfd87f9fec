import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

test('the example of the producer runs and writes what it says', async () => {
  await using broker = await startBroker()
  const args = ['--conditions=@odradek/source', 'examples/produce.ts', broker.bootstrap, 'example-orders']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
  expect(stdout).toContain('the first order is in partition 0 at offset 0')
  expect(stdout).toContain('100 more orders were written')
})

import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

test('the example of the admin client runs and says what it did', async () => {
  await using broker = await startBroker()
  const args = ['--conditions=@odradek/source', 'examples/admin.ts', broker.bootstrap, 'example']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
  expect(stdout.trim().split('\n')).toEqual([
    'example: made',
    expect.stringMatching(/^not a topic: .*invalid/),
    'example has 3 partitions, led by 1, 1, 1',
    'cleanup.policy is compact, from DYNAMIC_TOPIC_CONFIG',
    'example-0 ends at 0',
    'example-1 ends at 0',
    'example-2 ends at 0',
    'example is gone',
  ])
})

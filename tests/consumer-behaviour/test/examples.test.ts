import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

test('the example of the consumer reads what the example of the producer wrote', async () => {
  await using broker = await startBroker()
  const run = (example: string, ...rest: string[]) => {
    const args = ['--conditions=@odradek/source', `examples/${example}.ts`, broker.bootstrap, 'example-orders', ...rest]
    return promisify(execFile)(process.execPath, args, { cwd: root })
  }
  await run('produce')
  const { stdout } = await run('consume', '101')
  expect(stdout).toContain('this consumer reads 1 partitions')
  expect(stdout).toContain('101 orders come to 103.5')
})

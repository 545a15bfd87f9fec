import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'

const root = resolve(import.meta.dirname, '../../..')

async function run(...args: readonly string[]): Promise<string> {
  const flags = ['--conditions=@odradek/source', '--disable-warning=ExperimentalWarning']
  return (await promisify(execFile)(process.execPath, [...flags, ...args], { cwd: root })).stdout
}

test('the example of the producer runs and writes what it says', async () => {
  await using broker = await startBroker()
  const stdout = await run('examples/produce.ts', broker.bootstrap, 'example-orders')
  expect(stdout).toContain('the first order is in partition 0 at offset 0')
  expect(stdout).toContain('100 more orders were written')
})

test('the example of watching a producer prints what was traced and measured', async () => {
  await using broker = await startBroker()
  const stdout = await run('examples/produce-observed.ts', broker.bootstrap, 'example-orders')
  expect(stdout.trimEnd().split('\n')).toEqual([
    'a producer id of epoch 0',
    'traced a send of 10 records',
    'producer-metrics:record-send-total {"client-id":"observed"} = 10',
    'producer-topic-metrics:record-send-total {"client-id":"observed","topic":"example-orders"} = 10',
  ])
})

test('the smallest example of the README runs as it stands', async () => {
  await using broker = await startBroker()
  const readme = readFileSync(resolve(root, 'packages/producer/README.md'), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!
  await run('--input-type=module-typescript', '--eval', example.replace('localhost:9092', broker.bootstrap))
  using cluster = new Cluster(broker.bootstrap)
  expect((await cluster.read('orders')).map(({ key, value }) => [key, value])).toEqual([['anna', '{"total":3.5}']])
})

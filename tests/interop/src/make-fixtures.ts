/**
 * Makes the data directories under fixtures/ with a real Apache Kafka: `node tests/interop/src/make-fixtures.ts`. One with static voters
 * that saw a restart, transactions and groups, one small one with dynamic voters. Beside each archive a JSON file tells what is in it, long
 * values by length and hash (see `brief`).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { BrokerDescriber, briefContents } from './broker-contents.ts'
import { startJavaDriver } from './clients/java.ts'
import { mustRun } from './process.ts'

const fixtures = resolve(import.meta.dirname, '../fixtures')

// Few internal partitions and few idle records keep it small; the snapshot limit makes the controller write one.
const properties = {
  'offsets.topic.num.partitions': '2',
  'transaction.state.log.num.partitions': '2',
  'metadata.max.idle.interval.ms': '2000',
  'metadata.log.max.record.bytes.between.snapshots': '2000',
}

async function main(): Promise<void> {
  await mkdir(fixtures, { recursive: true })
  await make('apache-kafka-4.4-data', 'static')
  await make('apache-kafka-4.4-dynamic-data', 'dynamic')
}

async function make(name: string, voters: 'static' | 'dynamic'): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'odradek-fixture-'))
  const dataDir = join(dir, name)
  await using java = await startJavaDriver()
  const start = () => startKafka({ dir, dataDir, voters, properties, jvmFlags: testBrokerJvm })
  const first = await start()
  await new BrokerDescriber(java, first.bootstrap).fill()
  await first.stop()
  const second = await start()
  const broker = new BrokerDescriber(java, second.bootstrap)
  await broker.append()
  if (voters === 'static') {
    await broker.transact()
    await broker.commitOffsets()
  }
  const contents = briefContents(await broker.describe())
  await second.stop()
  await mustRun('tar', ['-czf', join(fixtures, `${name}.tar.gz`), '-C', dir, name], {
    env: { ...process.env, GZIP: '-9' },
  })
  await writeFile(
    join(fixtures, `${name}.json`),
    `${JSON.stringify({ nodeId: 1, voters, ...contents }, undefined, 1)}\n`,
  )
  await rm(dir, { recursive: true, force: true })
}

await main()

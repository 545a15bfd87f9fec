/**
 * `npm run bench:producer -- [--rounds N] [--quick]`: this producer and its peers in turn, against Apache Kafka 4.4 and then against
 * Odradek. Prints medians over the rounds, one table a broker.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { kafkaInstalled } from '@odradek/apache-kafka'
import kafkajs from 'kafkajs'
import { apacheKafka, type Contestant, odradek } from '../broker/contestant.ts'
import { markdownTable, short } from '../markdown-table.ts'
import { median } from '../statistics.ts'
import { type ClientName, clientNames, type ProducerMeasurement, type ProducerWorkload } from './workload.ts'

type Shape = Omit<ProducerWorkload, 'bootstrap' | 'topic'> & { readonly name: string }

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
})
if (!kafkaInstalled()) {
  console.error('bench:producer needs Java and the jars of Apache Kafka: run tests/interop/install first')
  process.exit(1)
}
const scale = values.quick ? 0.05 : 1
const rounds = Number(values.rounds)
const small = { records: 1_000_000 * scale, recordBytes: 100, keyed: false }
const shapes: readonly Shape[] = [
  ...(['none', 'lz4', 'zstd'] as const).map((compression) => {
    return { ...small, name: `100 B, 1,000 a send, ${compression}`, compression, mode: 'many' } as const
  }),
  {
    name: '1 KiB keyed, 1,000 a send',
    records: 200_000 * scale,
    recordBytes: 1024,
    keyed: true,
    compression: 'none',
    mode: 'many',
  },
  // Peers that do not gather single sends into batches would take minutes for a million.
  {
    ...small,
    records: 200_000 * scale,
    name: '100 B, one a send, 1,000 outstanding',
    compression: 'none',
    mode: 'single',
  },
  { ...small, records: 2_000, name: '100 B, one a send, awaited', compression: 'none', mode: 'awaited' },
]

for (const broker of [apacheKafka, odradek]) console.log(await tableOf(broker))

async function tableOf(broker: Contestant): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'odradek-bench-'))
  const running = await broker.start(dir)
  const measured = new Map<string, ProducerMeasurement[]>()
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const shape of shapes) {
        // Whoever comes first in one round comes last in the next.
        for (const client of round % 2 === 1 ? clientNames : clientNames.toReversed()) {
          console.error(`${broker.name}, round ${round} of ${rounds}: ${client}, ${shape.name}`)
          const key = `${shape.name} ${client}`
          measured.set(key, [...(measured.get(key) ?? []), await run(client, shape, running.bootstrap)])
        }
      }
    }
  } finally {
    await running.stop()
    await rm(dir, { recursive: true, force: true })
  }
  const rows = shapes.flatMap((shape) => clientNames.map((client) => rowOf(shape, client, measured)))
  const header = [`against ${broker.name}`, 'records/s', 'MB/s', 'CPU s per million', 'peak MiB', 'p50 ms', 'p99 ms']
  return `${markdownTable(header, rows)}\n`
}

function rowOf(shape: Shape, client: ClientName, measured: ReadonlyMap<string, ProducerMeasurement[]>): string[] {
  const all = measured.get(`${shape.name} ${client}`)!
  const medianOf = (figure: keyof ProducerMeasurement) => short(median(all.map((one) => one[figure])))
  return [
    `${shape.name}: ${client}`,
    medianOf('recordsPerSecond'),
    medianOf('megabytesPerSecond'),
    medianOf('cpuSecondsPerMillion'),
    medianOf('peakMib'),
    medianOf('p50Ms'),
    medianOf('p99Ms'),
  ]
}

async function run(client: ClientName, shape: Shape, bootstrap: string): Promise<ProducerMeasurement> {
  const topic = await freshTopic(bootstrap, shape.keyed ? 6 : 1)
  const { name: _, ...rest } = shape
  const workload: ProducerWorkload = { ...rest, bootstrap, topic }
  const script = resolve(import.meta.dirname, '../producer-client/main.ts')
  const args = ['--conditions=@odradek/source', script, client, JSON.stringify(workload)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as ProducerMeasurement
}

async function freshTopic(bootstrap: string, numPartitions: number): Promise<string> {
  const topic = `bench-${process.hrtime.bigint()}`
  const admin = new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: true })
  } finally {
    await admin.disconnect()
  }
  return topic
}

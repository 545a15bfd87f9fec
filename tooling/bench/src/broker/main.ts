/**
 * `npm run bench:broker -- [--rounds N] [--quick]`: Odradek and Apache Kafka 4.4 in turn, driven by Kafka's own perf tools. Prints
 * medians over the rounds, and the ratio of the two.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { kafkaInstalled } from '@odradek/apache-kafka'
import { markdownTable, short } from '../markdown-table.ts'
import { median } from '../statistics.ts'
import { apacheKafka, odradek } from './contestant.ts'
import { embeddedStartMs } from './embedded-start.ts'
import { type Measurements, measure } from './round.ts'
import type { Workload } from './workload.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
})
if (!kafkaInstalled()) {
  console.error('bench:broker needs Java and the jars of Apache Kafka: run tests/interop/install first')
  process.exit(1)
}

const scale = values.quick ? 0.1 : 1
const workloads: readonly Workload[] = [
  { records: 1_000_000 * scale, recordBytes: 100, acks: 'all' },
  { records: 1_000_000 * scale, recordBytes: 100, acks: '1' },
  { records: 200_000 * scale, recordBytes: 1024, acks: 'all' },
  { records: 200_000 * scale, recordBytes: 1024, acks: '1' },
]
const contestants = [odradek, apacheKafka]
const measured = new Map<string, Measurements[]>(contestants.map(({ name }) => [name, []]))
const rounds = Number(values.rounds)

for (let round = 1; round <= rounds; round++) {
  // Whoever comes first in one round comes last in the next.
  const order = round % 2 === 1 ? contestants : contestants.toReversed()
  for (const contestant of order) {
    console.error(`round ${round} of ${rounds}: ${contestant.name}`)
    const dir = await mkdtemp(join(tmpdir(), 'odradek-bench-'))
    try {
      measured.get(contestant.name)!.push(await measure(contestant, dir, workloads))
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }
}

const figures = [...measured.get(odradek.name)![0]!.keys()]
const medianOf = (name: string, figure: string) => median(measured.get(name)!.map((round) => round.get(figure)!))
const rows = figures.map((figure) => {
  const [ours, theirs] = contestants.map(({ name }) => medianOf(name, figure)) as [number, number]
  return [figure, short(ours), short(theirs), short(ours / theirs)]
})
rows.push(['start in a test (embedded, warm), ms', short(await embeddedStartMs()), '-', '-'])
console.log(markdownTable(['', ...contestants.map(({ name }) => name), 'ratio'], rows))

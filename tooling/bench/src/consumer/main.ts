/**
 * `npm run bench:consumer -- [--rounds N] [--quick] [--only scenario,scenario] [--against kafka|odradek]`: this consumer and its peers in
 * turn, each in a process of its own, against Apache Kafka 4.4 and then against Odradek. All read the same topics, and look at the first and
 * the last byte of every key and value. Prints medians over the rounds, one table a broker, and names what was left out.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { kafkaInstalled } from '@odradek/apache-kafka'
import { apacheKafka, type Contestant, odradek } from '../broker/contestant.ts'
import { markdownTable, short } from '../markdown-table.ts'
import { median } from '../statistics.ts'
import type { ConsumerContestant } from './contestant.ts'
import { consumerContestants } from './contestants.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { FilledTopics } from './topics.ts'
import type { ConsumerMeasurement } from './workload.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    against: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const chosen = scenariosOf(values.only, values.quick ? 0.05 : 1)
const brokers = brokersOf(values.against)
if (brokers.includes(apacheKafka) && !kafkaInstalled()) {
  console.error(
    'bench:consumer needs Java and the jars of Apache Kafka: run tests/interop/install first, or --against odradek',
  )
  process.exit(1)
}
const leftOut = new Set<string>()
const present: ConsumerContestant[] = []
for (const contestant of consumerContestants) {
  const absence = await contestant.absence()
  if (absence === undefined) present.push(contestant)
  else leftOut.add(`${contestant.name}: skipped, ${absence}`)
}
for (const broker of brokers) console.log(await tableOf(broker))
for (const line of leftOut) console.log(line)

async function tableOf(broker: Contestant): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'odradek-bench-'))
  const running = await broker.start(dir)
  const topics = new FilledTopics(running.bootstrap)
  const measured = new Map<string, ConsumerMeasurement[]>()
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const scenario of chosen) {
        // Whoever comes first in one round comes last in the next.
        for (const contestant of round % 2 === 1 ? present : present.toReversed()) {
          if (isLeftOut(contestant, scenario)) continue
          console.error(`${broker.name}, round ${round} of ${rounds}: ${scenario.title}: ${contestant.name}`)
          const key = keyOf(scenario, contestant)
          const measurement = await run({ contestant, scenario, topics, bootstrap: running.bootstrap })
          measured.set(key, [...(measured.get(key) ?? []), measurement])
        }
      }
    }
  } finally {
    await running.stop()
    await rm(dir, { recursive: true, force: true })
  }
  const rows = chosen.flatMap((scenario) =>
    present.flatMap((contestant) => {
      const all = measured.get(keyOf(scenario, contestant))
      return all === undefined ? [] : [rowOf(`${scenario.title}: ${contestant.name}`, all)]
    }),
  )
  const header = [`against ${broker.name}`, 'records/s', 'MB/s', 'CPU s per million', 'peak MiB', 'p50 ms', 'p99 ms']
  return `${markdownTable(header, rows)}\n`
}

function isLeftOut(contestant: ConsumerContestant, scenario: Scenario): boolean {
  const refusal = contestant.refusal(scenario)
  if (refusal !== undefined && refusal !== '')
    leftOut.add(`${contestant.name}, ${scenario.title}: left out, ${refusal}`)
  return refusal !== undefined
}

function keyOf(scenario: Scenario, contestant: ConsumerContestant): string {
  return `${scenario.name} ${contestant.name}`
}

function rowOf(title: string, all: readonly ConsumerMeasurement[]): string[] {
  const medianOf = (figure: keyof ConsumerMeasurement) => short(median(all.map((one) => one[figure])))
  return [
    title,
    medianOf('recordsPerSecond'),
    medianOf('megabytesPerSecond'),
    medianOf('cpuSecondsPerMillion'),
    medianOf('peakMib'),
    medianOf('p50Ms'),
    medianOf('p99Ms'),
  ]
}

async function run(options: {
  readonly contestant: ConsumerContestant
  readonly scenario: Scenario
  readonly topics: FilledTopics
  readonly bootstrap: string
}): Promise<ConsumerMeasurement> {
  const { contestant, scenario, topics, bootstrap } = options
  const { mode, records, filling } = scenario
  const workload = { bootstrap, mode, records, recordBytes: filling.recordBytes }
  if (mode !== 'seen') return await contestant.run({ ...workload, topic: await topics.of(filling) })
  const topic = await topics.fresh(1)
  return await topics.sendTimesDuring(topic, contestant.run({ ...workload, topic }))
}

function scenariosOf(only: string | undefined, scale: number): readonly Scenario[] {
  const all = scenarios(scale)
  if (only === undefined) return all
  const names = only.split(',')
  const unknown = names.filter((name) => !all.some((scenario) => scenario.name === name))
  if (unknown.length === 0) return all.filter(({ name }) => names.includes(name))
  console.error(`no scenario ${unknown.join(', ')}: there are ${all.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

function brokersOf(against: string | undefined): readonly Contestant[] {
  if (against === undefined) return [apacheKafka, odradek]
  if (against === 'kafka') return [apacheKafka]
  if (against === 'odradek') return [odradek]
  console.error(`--against ${against}: it is kafka or odradek`)
  process.exit(1)
}

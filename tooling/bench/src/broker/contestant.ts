import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { freePorts, startKafka } from '@odradek/apache-kafka'
import { firstAcknowledgedRecord } from './raw-producer.ts'

/** A broker under measurement, in a process of its own with a fresh data directory. */
export interface RunningContestant {
  readonly bootstrap: string
  readonly port: number
  readonly pid: number
  /** From the start of the process to the first record acknowledged with acks=all, milliseconds. */
  readonly firstRecordMs: number
  stop(): Promise<void>
}

export interface Contestant {
  readonly name: string
  start(dir: string): Promise<RunningContestant>
}

const host = '127.0.0.1'
const repository = resolve(import.meta.dirname, '../../../..')

/** Apache Kafka 4.4 as its own start script runs it: 1 GiB heap, G1. */
export const apacheKafka: Contestant = {
  name: 'Apache Kafka 4.4',
  async start(dir) {
    const [port] = (await freePorts(1)) as [number]
    // Formatting is not part of a start, so a first start leaves a formatted directory behind.
    await (await startKafka({ dir, ports: [port] })).stop()
    const startedMs = performance.now()
    const [kafka, acknowledgedMs] = await Promise.all([
      startKafka({ dir, ports: [port] }),
      firstAcknowledgedRecord({ host, port }),
    ])
    const { pid } = kafka.nodes[0]!
    return {
      bootstrap: kafka.bootstrap,
      port,
      pid,
      firstRecordMs: acknowledgedMs - startedMs,
      stop: () => kafka.stop(),
    }
  },
}

/** Odradek's server as npm installs it: the built package, run by the Node that runs the benchmark. */
export const odradek: Contestant = {
  name: 'Odradek',
  async start(dir) {
    const [port, controllerPort] = (await freePorts(2)) as [number, number]
    await mkdir(dir, { recursive: true })
    const properties = join(dir, 'server.properties')
    await writeFile(properties, propertiesText({ dir, port, controllerPort }))
    await run('kafka-storage', ['format', '-t', 'b2RyYWRlay1iZW5jaC0tLQ', '-c', properties]).ended
    const startedMs = performance.now()
    const { child, ended } = run('kafka-server-start', [properties])
    const acknowledgedMs = await firstAcknowledgedRecord({ host, port })
    return {
      bootstrap: `${host}:${port}`,
      port,
      pid: child.pid!,
      firstRecordMs: acknowledgedMs - startedMs,
      stop: async () => {
        child.kill('SIGTERM')
        await ended
      },
    }
  },
}

function run(command: string, args: readonly string[]) {
  const script = join(repository, 'packages/server/dist/bin', `${command}.js`)
  const child = spawn(process.execPath, [...nodeFlagsOf(script), script, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit').finally(() => process.off('exit', kill))
  return { child, ended }
}

/** What the first line of a command tells Node, as it would if the command were called by its name. */
function nodeFlagsOf(script: string): readonly string[] {
  const [firstLine = ''] = readFileSync(script, 'utf8').split('\n', 1)
  return firstLine.split(/\s+/).filter((word) => word.startsWith('--'))
}

function propertiesText(options: {
  readonly dir: string
  readonly port: number
  readonly controllerPort: number
}): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@${host}:${options.controllerPort}`,
    `listeners=PLAINTEXT://${host}:${options.port},CONTROLLER://${host}:${options.controllerPort}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${options.dir}/data`,
    'offsets.topic.replication.factor=1',
    'group.initial.rebalance.delay.ms=0',
    'odradek.log.level=warn',
    '',
  ].join('\n')
}

/**
 * Starts Apache Kafka nodes as child processes and stops them again by their process id. A node that its owner forgets dies with the
 * process that started it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brokerCount } from './broker-count.ts'
import { freePorts } from './free-ports.ts'
import { kafkaClasspath, kafkaInstalled, logFlag } from './jars.ts'
import { nodeProperties } from './node-properties.ts'
import { runTool } from './tool.ts'

/** What to start. */
export interface StartKafkaOptions {
  /** Where properties, logs of the processes and, unless `dataDir` is given, the data directories `node<id>` go; made if missing. */
  readonly dir: string
  /** The data directory of a single node; formatted first if it has no `meta.properties`. */
  readonly dataDir?: string
  /** How many combined nodes; 1 if not given. */
  readonly nodes?: number
  /** The id of the first node; 1 if not given. It has to be the one in `meta.properties` of a directory that exists. */
  readonly firstNodeId?: number
  /** The client port of each node; free ones if not given. */
  readonly ports?: readonly number[]
  /** How a new directory is formatted and where the voters are told; `static` if not given. */
  readonly voters?: 'static' | 'dynamic'
  /** The cluster id for a directory that has to be formatted. */
  readonly clusterId?: string
  /** Broker properties in Kafka's spelling, over our defaults. */
  readonly properties?: Readonly<Record<string, string>>
  /** Flags of the JVMs; by default Kafka's own heap and collector (`-Xms1g -Xmx1g -XX:+UseG1GC`). */
  readonly jvmFlags?: readonly string[]
  /** How long the nodes have to show themselves unfenced; 60 s if not given. */
  readonly startTimeoutMs?: number
}

/** A running Apache Kafka. Disposing it is stopping it. */
export interface RunningKafka extends AsyncDisposable {
  /** `host:port` of each node, separated by commas. */
  readonly bootstrap: string
  readonly nodes: readonly KafkaNode[]
  /** SIGTERM to every node and waits until they are gone; after half a minute SIGKILL. */
  stop(): Promise<void>
  /** SIGKILL to every node, as a crash would end them. */
  kill(): Promise<void>
}

/** One node of a running Apache Kafka. */
export interface KafkaNode {
  readonly nodeId: number
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  /** Standard output and standard error of the process. */
  readonly logFile: string
}

/** Flags for a broker in a test: small heap, quick start. Not for benchmarks. */
export const testBrokerJvm: readonly string[] = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

const benchmarkJvm: readonly string[] = ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']
const defaultClusterId = 'b2RyYWRlay1pbnRlcm9wMQ'
const stopTimeoutMs = 30_000

interface Process {
  readonly node: KafkaNode
  readonly child: ChildProcess
  readonly ended: Promise<void>
}

/**
 * Starts Apache Kafka and resolves when every node is registered, unfenced and answers. Rejects, with the nodes stopped, when a node ends
 * early or the time is over; the message carries the end of its log.
 */
export async function startKafka(options: StartKafkaOptions): Promise<RunningKafka> {
  if (!kafkaInstalled()) throw new Error('the jars of Apache Kafka are not there; run tests/interop/install')
  const count = options.nodes ?? 1
  if (options.dataDir !== undefined && count !== 1) throw new Error('dataDir is for a single node; use dir for several')
  await mkdir(options.dir, { recursive: true })
  const nodes = await layOutNodes(options, count)
  for (const node of nodes) await writeAndFormat(node, options)
  const processes: Process[] = []
  for (const { nodeId, port, dataDir, propertiesFile } of nodes) {
    processes.push(await spawnNode({ nodeId, port, dataDir, propertiesFile }, options))
  }
  const stop = () => endAll(processes, 'SIGTERM')
  try {
    await untilUp(processes, options.startTimeoutMs ?? 60_000)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    bootstrap: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','),
    nodes: processes.map(({ node }) => node),
    stop,
    kill: () => endAll(processes, 'SIGKILL'),
    [Symbol.asyncDispose]: stop,
  }
}

interface PlannedNode {
  readonly nodeId: number
  readonly port: number
  readonly controllerPort: number
  readonly dataDir: string
  readonly propertiesFile: string
  readonly properties: string
}

async function layOutNodes(options: StartKafkaOptions, count: number): Promise<PlannedNode[]> {
  const free = await freePorts(count * 2)
  const bare = Array.from({ length: count }, (_, index) => {
    const nodeId = (options.firstNodeId ?? 1) + index
    return {
      nodeId,
      port: options.ports?.[index] ?? free[index]!,
      controllerPort: free[count + index]!,
      dataDir: options.dataDir ?? join(options.dir, `node${nodeId}`),
      propertiesFile: join(options.dir, `node${nodeId}.properties`),
    }
  })
  const voters = options.voters ?? 'static'
  const overrides = options.properties ?? {}
  return bare.map((node) => ({
    ...node,
    properties: nodeProperties({ ...node, controllers: bare, voters, overrides }),
  }))
}

async function writeAndFormat(node: PlannedNode, options: StartKafkaOptions): Promise<void> {
  await writeFile(node.propertiesFile, node.properties)
  if (existsSync(join(node.dataDir, 'meta.properties'))) return
  const args = ['format', '-t', options.clusterId ?? defaultClusterId, '-c', node.propertiesFile]
  if (options.voters === 'dynamic') args.push('--standalone')
  const result = await runTool('kafka-storage', args)
  if (result.code !== 0) throw new Error(`kafka-storage format failed: ${result.stdout}${result.stderr}`)
}

async function spawnNode(
  node: { nodeId: number; port: number; dataDir: string; propertiesFile: string },
  options: StartKafkaOptions,
): Promise<Process> {
  const logFile = join(options.dir, `node${node.nodeId}.log`)
  const log = await open(logFile, 'w')
  const flags = [...(options.jvmFlags ?? benchmarkJvm), await logFlag(), '-cp', kafkaClasspath('broker')]
  const child = spawn('java', [...flags, 'kafka.Kafka', node.propertiesFile], { stdio: ['ignore', log.fd, log.fd] })
  await log.close()
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      process.off('exit', kill)
      resolve()
    }
    child.on('error', end)
    child.on('exit', end)
  })
  const { nodeId, port, dataDir } = node
  return { child, ended, node: { nodeId, port, dataDir, pid: child.pid ?? -1, logFile } }
}

async function untilUp(processes: readonly Process[], timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (const { child, node } of processes) {
    for (;;) {
      if (child.pid === undefined) throw new Error('java did not start')
      const late = performance.now() > deadline
      if (late || child.exitCode !== null || child.signalCode !== null) {
        const log = await readFile(node.logFile, 'utf8')
        throw new Error(`Apache Kafka node ${node.nodeId} ${late ? 'is late' : 'ended'}: ${log.slice(-4_000)}`)
      }
      if ((await brokerCount(node.port)) === processes.length) break
      await sleep(50)
    }
  }
}

async function endAll(processes: readonly Process[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  await Promise.all(
    processes.map(async ({ child, ended }) => {
      child.kill(signal)
      const kill = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await ended
      clearTimeout(kill)
    }),
  )
}

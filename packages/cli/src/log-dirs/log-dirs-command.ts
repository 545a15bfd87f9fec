import { type Admin, type BrokerLogDirs, valuesOf } from '@odradek/admin'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { checkRequired, helpOrVersion, readOptions, type Usage, usageError } from '../command/usage.ts'
import { watchIntervalMs, watchOption } from '../watch/watch-option.ts'
import { logDirsOptions } from './log-dirs-options.ts'

const usage: Usage = {
  description: 'This tool helps to query log directory usage on the specified brokers.',
  options: logDirsOptions,
  ownOptions: [watchOption],
  examples: ['kafka-log-dirs --bootstrap-server localhost:9092 --describe --topic-list orders'],
}

/** `kafka-log-dirs`: what is in the log directories of brokers. */
export const logDirsCommand: Command = {
  name: 'kafka-log-dirs',
  summary: 'Describe the log directories of brokers',
  examples: usage.examples,
  async run(args, io) {
    const options = readOptions(usage, args)
    if (args.length === 0) throw usageError(usage, usage.description)
    helpOrVersion(usage, options)
    checkRequired(usage, options, ['bootstrap-server', 'describe'])
    const intervalMs = watchIntervalMs(usage, options)
    const topics = new Set(listed(options.required('topic-list')))
    const wanted = listed(options.required('broker-list')).map(brokerId)
    await using admin = await connectAdmin(options, io)
    const run = (output: CommandIo) => describeLogDirs(admin, { topics, wanted }, output)
    if (intervalMs === undefined) return await run(io)
    const { watch } = await import('../watch/watch.ts')
    const commandLine = ['kafka-log-dirs', ...args].join(' ')
    return await watch(io, (view) => run(view.io), { commandLine, intervalMs })
  },
}

interface Selection {
  /** All when empty, as with `wanted`. */
  readonly topics: ReadonlySet<string>
  readonly wanted: readonly number[]
}

async function describeLogDirs(admin: Admin, { topics, wanted }: Selection, io: CommandIo): Promise<number> {
  const present = (await admin.describeCluster()).nodes.map(({ nodeId }) => nodeId)
  const missing = wanted.filter((id) => !present.includes(id))
  if (missing.length > 0) {
    const existing = wanted.filter((id) => present.includes(id))
    io.err(
      `ERROR: The given brokers do not exist from --broker-list: ${missing.join(',')}. Current existent brokers: ${existing.join(',')}\n`,
    )
    return 1
  }
  const brokers = wanted.length === 0 ? present : [...new Set(wanted)]
  await io.out('Querying brokers for log directories information\n')
  const described = valuesOf(await admin.describeLogDirs(brokers))
  await io.out(`Received log directory information from brokers ${brokers.join(',')}\n`)
  const shown = [...described].map(([broker, dirs]) => ({ broker, logDirs: logDirsOf(dirs, topics) }))
  await io.out(`${JSON.stringify({ brokers: shown, version: 1 })}\n`)
  return 0
}

/** The fields in the order in which Java's hash map has them. */
function logDirsOf(dirs: BrokerLogDirs, topics: ReadonlySet<string>) {
  return [...dirs].map(([logDir, { value, error }]) => ({
    partitions: [...(value?.replicas ?? [])]
      .filter(([, { topic }]) => topics.size === 0 || topics.has(topic))
      .map(([partition, { size, offsetLag, isFuture }]) => ({ partition, size, offsetLag, isFuture })),
    error: error === undefined ? null : executionMessage(error),
    logDir,
  }))
}

function listed(text: string): readonly string[] {
  return text.split(',').filter((part) => part !== '')
}

function brokerId(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`For input string: "${text}"`)
  return Number(text)
}

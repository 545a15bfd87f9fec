import type { Admin } from '@odradek/admin'
import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import type { CommandIo } from '../command/command-io.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import type { Look } from '../watch/watch.ts'
import { type ConsumerGroupsAction, consumerGroupsUsage, readConsumerGroupsOptions } from './consumer-groups-usage.ts'
import { deleteGroups } from './delete-groups.ts'
import { deleteOffsets } from './delete-offsets.ts'
import { describeConsumerGroups } from './describe-consumer-groups.ts'
import { printError } from './group-command-error.ts'
import { listConsumerGroups } from './list-consumer-groups.ts'
import { NoBrokersError } from './listed-groups.ts'
import { resetOffsets } from './reset-offsets.ts'

type Work = (admin: Admin, options: ParsedOptions, io: CommandIo) => Promise<void>

const work: Readonly<Record<Exclude<ConsumerGroupsAction, 'validate-regex'>, Work>> = {
  list: listConsumerGroups,
  describe: describeConsumerGroups,
  delete: deleteGroups,
  'reset-offsets': resetOffsets,
  'delete-offsets': deleteOffsets,
}

/** `kafka-consumer-groups`: lists, describes and deletes groups of consumers, and moves their offsets. */
export const consumerGroupsCommand: Command = {
  name: 'kafka-consumer-groups',
  summary: 'List, describe and delete groups of consumers, and move their offsets',
  examples: consumerGroupsUsage.examples,
  async run(args, io) {
    const { action, options, intervalMs, warning } = readConsumerGroupsOptions(args)
    io.err(warning)
    return orFailure(io, options, async () => {
      if (action === 'validate-regex') {
        const { validateRegex } = await import('./validate-regex.ts')
        await io.out(validateRegex(options.required('validate-regex')))
        return 0
      }
      await using admin = await connectAdmin(options, io)
      if (intervalMs !== undefined) {
        const commandLine = ['kafka-consumer-groups', ...args].join(' ')
        return await watchGroups(admin, options, { io, commandLine, intervalMs })
      }
      await work[action](admin, options, io)
      return 0
    })
  },
}

/** Kafka's command tells of a failure and still ends with 0. */
async function orFailure<Result>(
  io: CommandIo,
  options: ParsedOptions,
  work: () => Promise<Result>,
): Promise<Result | 0> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CommandExit) throw error
    await printError(io, `Executing consumer group command failed due to ${reason(error, options)}`)
    return 0
  }
}

interface Watching {
  readonly io: CommandIo
  readonly commandLine: string
  readonly intervalMs: number
}

async function watchGroups(admin: Admin, options: ParsedOptions, watching: Watching): Promise<number> {
  const { watch } = await import('../watch/watch.ts')
  const { lagLook } = await import('../watch/lag-look.ts')
  const isJson = options.has('json')
  const lag = lagLook(admin, options)
  const isLag = !['json', 'members', 'state'].some((other) => options.has(other))
  const look: Look = isLag ? lag : ({ io }) => describeConsumerGroups(admin, options, io)
  return watch(watching.io, (view) => orFailure(view.io, options, () => look(view)), { ...watching, isJson })
}

function reason(error: unknown, options: ParsedOptions): string {
  if (!(error instanceof NoBrokersError)) return executionMessage(error)
  const exception = `org.apache.kafka.common.KafkaException: ${error.message}`
  const isFiltered = options.has('state') || options.has('type')
  return isFiltered ? exception : `java.util.concurrent.ExecutionException: ${exception}`
}

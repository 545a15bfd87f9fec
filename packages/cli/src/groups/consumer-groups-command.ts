import type { Admin } from '@odradek/admin'
import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import type { CommandIo } from '../command/command-io.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
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
    const { action, options, warning } = readConsumerGroupsOptions(args)
    io.err(warning)
    try {
      if (action === 'validate-regex') {
        const { validateRegex } = await import('./validate-regex.ts')
        await io.out(validateRegex(options.required('validate-regex')))
        return 0
      }
      await using admin = await connectAdmin(options, io)
      await work[action](admin, options, io)
    } catch (error) {
      if (error instanceof CommandExit) throw error
      // Kafka's command says so and still ends with 0.
      await printError(io, `Executing consumer group command failed due to ${reason(error, options)}`)
    }
    return 0
  },
}

function reason(error: unknown, options: ParsedOptions): string {
  if (!(error instanceof NoBrokersError)) return executionMessage(error)
  const exception = `org.apache.kafka.common.KafkaException: ${error.message}`
  const isFiltered = options.has('state') || options.has('type')
  return isFiltered ? exception : `java.util.concurrent.ExecutionException: ${exception}`
}

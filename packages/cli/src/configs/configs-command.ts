import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import { alterConfigs } from './alter-configs.ts'
import { configsUsage, readConfigsOptions } from './configs-usage.ts'
import { describeConfigs } from './describe-configs.ts'

/** `kafka-configs`: describes and alters the configs of topics, brokers, groups, clients and users. */
export const configsCommand: Command = {
  name: 'kafka-configs',
  summary: 'Describe and alter configs of topics, brokers, groups, clients and users',
  examples: configsUsage.examples,
  async run(args, io) {
    try {
      const invocation = readConfigsOptions(args)
      await using admin = await connectAdmin(invocation.options, io)
      await (invocation.options.has('alter') ? alterConfigs : describeConfigs)(admin, invocation, io)
      return 0
    } catch (error) {
      if (error instanceof CommandExit) throw error
      io.err(`${failureMessage(error)}\n`)
      return 1
    }
  },
}

import type { Admin } from '@odradek/admin'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { alterTopics, createTopic, deleteTopics } from './change-topics.ts'
import { describeTopics } from './describe-topics.ts'
import { topicNames } from './topic-names.ts'
import { readTopicsOptions, type TopicsAction, topicsUsage } from './topics-usage.ts'

type Work = (admin: Admin, options: ParsedOptions, io: CommandIo) => Promise<void>

const work: Readonly<Record<TopicsAction, Work>> = {
  list: listTopics,
  describe: describeTopics,
  create: createTopic,
  alter: alterTopics,
  delete: deleteTopics,
}

/** `kafka-topics`: lists, describes, makes, widens and deletes topics. */
export const topicsCommand: Command = {
  name: 'kafka-topics',
  summary: 'List, describe, create, alter and delete topics',
  examples: topicsUsage.examples,
  async run(args, io) {
    const { action, options, intervalMs, remarks } = readTopicsOptions(args)
    for (const remark of remarks) await io.out(`${remark}\n`)
    await using admin = await connectAdmin(options, io)
    const run = async (output: CommandIo) => {
      try {
        await work[action](admin, options, output)
        return 0
      } catch (error) {
        await output.out(`Error while executing topic command : ${failureMessage(error)}\n`)
        return 1
      }
    }
    if (intervalMs === undefined) return await run(io)
    const { watch } = await import('../watch/watch.ts')
    const commandLine = ['kafka-topics', ...args].join(' ')
    return await watch(io, (view) => run(view.io), { commandLine, intervalMs, isJson: options.has('json') })
  },
}

async function listTopics(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const names = await topicNames(admin, {
    include: options.value('topic'),
    excludeInternal: options.has('exclude-internal'),
  })
  await io.out(options.has('json') ? `${JSON.stringify(names, null, 2)}\n` : `${names.join('\n')}\n`)
}

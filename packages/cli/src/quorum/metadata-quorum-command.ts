import { type ArgparseSpec, parseArguments } from '../argparse/argument-parser.ts'
import { connectWithArguments } from '../argparse/connect-admin.ts'
import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { addController, removeController } from './change-controllers.ts'
import { describeReplication, describeStatus } from './describe-quorum.ts'
import { metadataQuorumHelp } from './metadata-quorum-help.ts'
import { metadataQuorumSubcommandHelp } from './metadata-quorum-subcommand-help.ts'

/** `kafka-metadata-quorum`: the state of the controllers, and who belongs to them. */
export const metadataQuorumCommand: Command = {
  name: 'kafka-metadata-quorum',
  summary: 'Describe the controllers of a cluster, add and remove them',
  examples: [
    'kafka-metadata-quorum --bootstrap-server localhost:9092 describe --status',
    'kafka-metadata-quorum --bootstrap-server localhost:9092 describe --replication --human-readable',
  ],
  async run(args, io) {
    const given = parseArguments(quorumSpec(), args)
    try {
      await using admin = await connectWithArguments(given, io)
      if (given.command === 'add-controller') await addController(admin, given, io)
      else if (given.command === 'remove-controller') await removeController(admin, given, io)
      else if (given.has('status') && given.has('replication')) {
        throw new Error('Only one of --status or --replication should be specified with describe sub-command')
      } else if (given.has('replication')) await describeReplication(admin, given, io)
      else if (!given.has('status')) {
        throw new Error('One of --status or --replication must be specified with describe sub-command')
      } else if (given.has('human-readable')) {
        throw new Error('The option --human-readable is only supported along with --replication')
      } else await describeStatus(admin, given, io)
      return 0
    } catch (error) {
      if (error instanceof CommandExit) throw error
      io.err(`${executionMessage(error)}\n`)
      return 1
    }
  },
}

function quorumSpec(): ArgparseSpec {
  const subcommand = (
    name: keyof typeof metadataQuorumSubcommandHelp,
    options: ArgparseSpec['options'],
  ): ArgparseSpec => {
    return { program: `kafka-metadata-quorum ${name}`, help: metadataQuorumSubcommandHelp[name], options }
  }
  const dryRun = { names: ['--dry-run'], kind: 'flag' } as const
  return {
    program: 'kafka-metadata-quorum',
    help: metadataQuorumHelp,
    options: [
      { names: ['--bootstrap-server'], kind: 'text' },
      { names: ['--bootstrap-controller'], kind: 'text' },
      { names: ['--command-config'], kind: 'text' },
    ],
    exclusive: { names: ['--bootstrap-server', '--bootstrap-controller'], isRequired: true },
    subcommands: {
      describe: subcommand('describe', [
        { names: ['--status'], kind: 'flag' },
        { names: ['--replication'], kind: 'flag' },
        { names: ['--human-readable'], kind: 'flag' },
        { names: ['--json'], kind: 'flag' },
      ]),
      'add-controller': subcommand('add-controller', [dryRun]),
      'remove-controller': subcommand('remove-controller', [
        { names: ['--controller-id', '-i'], kind: 'integer', isRequired: true },
        { names: ['--controller-directory-id', '-d'], kind: 'text', isRequired: true },
        dryRun,
      ]),
    },
  }
}

import { type ArgparseSpec, type ParsedArguments, parseArguments } from '../argparse/argument-parser.ts'
import { connectWithArguments } from '../argparse/connect-admin.ts'
import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import type { CommandIo } from '../command/command-io.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { describeFeatures } from './describe-features.ts'
import {
  featureDependencies,
  featureLevels,
  latestMetadataVersion,
  levelText,
  releaseVersion,
} from './feature-versions.ts'
import { featuresHelp } from './features-help.ts'
import { featuresSubcommandHelp } from './features-subcommand-help.ts'
import { parseFeatureLevel, updateFeatures } from './update-features.ts'

/** `kafka-features`: describes, upgrades and downgrades the features of a cluster. */
export const featuresCommand: Command = {
  name: 'kafka-features',
  summary: 'Describe, upgrade and downgrade the features of a cluster',
  examples: [
    'kafka-features --bootstrap-server localhost:9092 describe',
    'kafka-features --bootstrap-server localhost:9092 upgrade --release-version 4.4 --dry-run',
  ],
  async run(args, io) {
    try {
      const given = parseArguments(featuresSpec(), args)
      await work[given.command as Subcommand](given, io)
      return 0
    } catch (error) {
      if (error instanceof CommandExit) throw error
      io.err(`${executionMessage(error)}\n`)
      return 1
    }
  },
}

type Work = (given: ParsedArguments, io: CommandIo) => Promise<void>
type Subcommand = 'describe' | 'upgrade' | 'downgrade' | 'disable' | 'version-mapping' | 'feature-dependencies'

const work: Readonly<Record<Subcommand, Work>> = {
  describe: async (given, io) => {
    await using admin = await connectWithArguments(given, io)
    await describeFeatures(admin, given, io)
  },
  upgrade: changing,
  downgrade: changing,
  disable: changing,
  'version-mapping': async (given, io) => {
    const release = given.value('release-version')
    const version = release === undefined ? latestMetadataVersion() : releaseVersion(release)
    const levels = featureLevels(version).map(([feature, level]) => `${feature}=${level}\n`)
    await io.out(`metadata.version=${version.level} (${release ?? version.name})\n${levels.join('')}`)
  },
  'feature-dependencies': async (given, io) => {
    for (const text of given.values('feature')) {
      const [feature, level] = parseFeatureLevel(text)
      const required = featureDependencies(feature, level)
      const named = `${feature}=${level}${nameBehind(feature, level)}`
      if (required.length === 0) {
        await io.out(`${named} has no dependencies.\n`)
        continue
      }
      const lines = required.map(([other, least]) => `    ${other}=${least}${nameBehind(other, least)}\n`)
      await io.out(`${named} requires:\n${lines.join('')}`)
    }
  },
}

async function changing(given: ParsedArguments, io: CommandIo): Promise<void> {
  await using admin = await connectWithArguments(given, io)
  await updateFeatures(admin, given, io)
}

function nameBehind(feature: string, level: number): string {
  return feature === 'metadata.version' ? ` (${levelText(feature, level)})` : ''
}

const refusal = (message: string) => `Command line error: ${message}. Type --help for help.`

function featuresSpec(): ArgparseSpec {
  const subcommand = (name: Subcommand, options: ArgparseSpec['options']): ArgparseSpec => {
    return { program: `kafka-features ${name}`, help: featuresSubcommandHelp[name], refusal, options }
  }
  const feature = { names: ['--feature'], kind: 'list' } as const
  const dryRun = { names: ['--dry-run'], kind: 'flag' } as const
  const unsafe = { names: ['--unsafe'], kind: 'flag' } as const
  const release = { names: ['--release-version'], kind: 'text' } as const
  const metadata = { names: ['--metadata'], kind: 'text' } as const
  return {
    program: 'kafka-features',
    help: featuresHelp,
    refusal,
    options: [
      { names: ['--bootstrap-server'], kind: 'text' },
      { names: ['--bootstrap-controller'], kind: 'text' },
      { names: ['--command-config'], kind: 'text' },
    ],
    exclusive: { names: ['--bootstrap-server', '--bootstrap-controller'], isRequired: false },
    subcommands: {
      describe: subcommand('describe', [
        { names: ['--node-id'], kind: 'integer' },
        { names: ['--json'], kind: 'flag' },
      ]),
      upgrade: subcommand('upgrade', [metadata, release, feature, dryRun]),
      downgrade: subcommand('downgrade', [metadata, release, feature, unsafe, dryRun]),
      disable: subcommand('disable', [feature, unsafe, dryRun]),
      'version-mapping': subcommand('version-mapping', [release]),
      'feature-dependencies': subcommand('feature-dependencies', [{ ...feature, isRequired: true }]),
    },
  }
}

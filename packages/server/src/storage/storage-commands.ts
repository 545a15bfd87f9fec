/** The commands of `kafka-storage` and their options: the names are Kafka's, the explanations our own. */
import type { CommandDefinition, CommandOption } from '../command-line.ts'
import { releaseRange } from './feature-versions.ts'

const config: CommandOption = {
  name: 'config',
  short: 'c',
  value: 'CONFIG',
  required: true,
  help: 'The server.properties of the node.',
}

/** What each command is for. */
export const storageCommands = {
  info: {
    summary: 'Show what the log directories of this node hold.',
    definition: { name: 'kafka-storage info', options: [config] },
  },
  format: {
    summary: 'Prepare the log directories of this node for a new cluster.',
    definition: {
      name: 'kafka-storage format',
      options: [
        config,
        {
          name: 'cluster-id',
          short: 't',
          value: 'CLUSTER_ID',
          required: true,
          help: 'Id of the cluster, the same on all its nodes; random-uuid makes one.',
        },
        {
          name: 'add-scram',
          short: 'S',
          value: 'ADD_SCRAM',
          repeated: true,
          help: 'A SCRAM credential the cluster begins with: \'SCRAM-SHA-256=[name=alice,password=secret]\' or \'SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]\'.',
        },
        {
          name: 'ignore-formatted',
          short: 'g',
          help: 'Pass over directories that are formatted instead of failing.',
        },
        {
          name: 'release-version',
          short: 'r',
          value: 'RELEASE_VERSION',
          help: `Release whose features the cluster begins with, ${releaseRange.oldest} at the earliest and ${releaseRange.newest} by default. An older release cannot open the directories all the same.`,
        },
        {
          name: 'feature',
          short: 'f',
          value: 'FEATURE',
          repeated: true,
          help: 'Level of a single feature: share.version=1.',
        },
        {
          name: 'standalone',
          short: 's',
          group: 'quorum',
          help: 'Begin with this controller as the only voter of a dynamic quorum. Needs controller.quorum.bootstrap.servers and no controller.quorum.voters.',
        },
        {
          name: 'no-initial-controllers',
          short: 'N',
          group: 'quorum',
          help: 'Begin without knowing the voters of the dynamic quorum, for a node that joins it later.',
        },
        {
          name: 'initial-controllers',
          short: 'I',
          value: 'INITIAL_CONTROLLERS',
          group: 'quorum',
          help: 'Begin with these voters of a dynamic quorum, the same on all nodes: id@host:port:directory, comma separated, where directory is a random UUID.',
        },
      ],
    },
  },
  'version-mapping': {
    summary: 'Show the level of every feature that goes with a release.',
    definition: {
      name: 'kafka-storage version-mapping',
      options: [
        {
          name: 'release-version',
          short: 'r',
          value: 'RELEASE_VERSION',
          help: `The release, ${releaseRange.oldest} at the earliest; ${releaseRange.newest} by default.`,
        },
      ],
    },
  },
  'feature-dependencies': {
    summary: 'Show which other features a level of a feature needs.',
    definition: {
      name: 'kafka-storage feature-dependencies',
      options: [
        {
          name: 'feature',
          short: 'f',
          value: 'FEATURE',
          required: true,
          repeated: true,
          help: 'The feature and its level: metadata.version=5. May be repeated.',
        },
      ],
    },
  },
  'random-uuid': {
    summary: 'Print a random UUID, for use as a cluster id or directory id.',
    definition: { name: 'kafka-storage random-uuid', options: [] },
  },
} as const satisfies Record<string, { readonly summary: string; readonly definition: CommandDefinition }>

/** Name of a command of `kafka-storage`. */
export type StorageCommandName = keyof typeof storageCommands

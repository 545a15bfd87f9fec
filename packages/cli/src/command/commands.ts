import type { Command } from './command.ts'

const loaders = {
  'kafka-broker-api-versions': async () =>
    (await import('../cluster/broker-api-versions-command.ts')).brokerApiVersionsCommand,
  'kafka-cluster': async () => (await import('../cluster/cluster-command.ts')).clusterCommand,
  'kafka-configs': async () => (await import('../configs/configs-command.ts')).configsCommand,
  'kafka-console-consumer': async () => (await import('../console/console-consumer-command.ts')).consoleConsumerCommand,
  'kafka-console-producer': async () => (await import('../console/console-producer-command.ts')).consoleProducerCommand,
  'kafka-consumer-groups': async () => (await import('../groups/consumer-groups-command.ts')).consumerGroupsCommand,
  'kafka-consumer-perf-test': async () =>
    (await import('../perf/consumer-perf-test-command.ts')).consumerPerfTestCommand,
  'kafka-delete-records': async () => (await import('../records/delete-records-command.ts')).deleteRecordsCommand,
  'kafka-dump-log': async () => (await import('../dump-log/dump-log-command.ts')).dumpLogCommand,
  'kafka-features': async () => (await import('../features/features-command.ts')).featuresCommand,
  'kafka-get-offsets': async () => (await import('../offsets/get-offsets-command.ts')).getOffsetsCommand,
  'kafka-groups': async () => (await import('../groups/groups-command.ts')).groupsCommand,
  'kafka-log-dirs': async () => (await import('../log-dirs/log-dirs-command.ts')).logDirsCommand,
  'kafka-metadata-quorum': async () => (await import('../quorum/metadata-quorum-command.ts')).metadataQuorumCommand,
  'kafka-producer-perf-test': async () =>
    (await import('../perf/producer-perf-test-command.ts')).producerPerfTestCommand,
  'kafka-topics': async () => (await import('../topics/topics-command.ts')).topicsCommand,
} as const satisfies Readonly<Record<string, () => Promise<Command>>>

/** The name of a command, Kafka's without `.sh`. */
export type CommandName = keyof typeof loaders

/** The names of all commands. */
export const commandNames = Object.keys(loaders) as readonly CommandName[]

/** Loads one command, and only what that one needs. */
export function loadCommand(name: CommandName): Promise<Command> {
  return loaders[name]()
}

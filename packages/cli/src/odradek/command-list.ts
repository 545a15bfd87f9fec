import type { CommandName } from '../command/commands.ts'

/** Commands that run a process of their own instead of asking a cluster. */
export type ServerCommandName = 'kafka-server-start' | 'kafka-server-stop' | 'kafka-storage' | 'zookeeper-server-start'

/** Every command with its one line: here, so that the list needs none of them loaded. */
export const commandSummaries: Readonly<Record<CommandName | ServerCommandName, string>> = {
  'kafka-topics': 'List, describe, create, alter and delete topics',
  'kafka-console-producer': 'Send lines of standard input to a topic',
  'kafka-console-consumer': 'Print the records of topics',
  'kafka-consumer-groups': 'List, describe and delete groups of consumers, and move their offsets',
  'kafka-groups': 'List groups of every type',
  'kafka-configs': 'Describe and alter configs of topics, brokers, groups, clients and users',
  'kafka-get-offsets': 'Tell the offsets of partitions',
  'kafka-delete-records': 'Delete the oldest records of partitions',
  'kafka-log-dirs': 'Describe the log directories of brokers',
  'kafka-broker-api-versions': 'Tell which requests each broker serves',
  'kafka-cluster': 'Tell the id and the endpoints of a cluster, and unregister brokers',
  'kafka-features': 'Describe, upgrade and downgrade the features of a cluster',
  'kafka-metadata-quorum': 'Describe the controllers of a cluster, add and remove them',
  'kafka-dump-log': 'Show what is in the files of a partition',
  'kafka-producer-perf-test': 'Measure how fast records get to the cluster',
  'kafka-consumer-perf-test': 'Measure how fast records come from the cluster',
  'kafka-server-start': 'Start a broker',
  'kafka-server-stop': 'Stop the brokers of this machine',
  'kafka-storage': 'Format the directories of a broker',
  'zookeeper-server-start': 'Nothing: Kafka needs no ZooKeeper since 4.0',
}

/** The name of a command as `odradek` takes it: `topics` for `kafka-topics`. */
export function shortName(name: string): string {
  return name.replace(/^kafka-/, '')
}

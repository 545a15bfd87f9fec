import type { TopicPartition } from '@odradek/admin'
import { usageError } from '../command/usage.ts'
import { consumerGroupsUsage } from './consumer-groups-usage.ts'

/** Topics as `--topic` names them. */
export interface TopicArguments {
  /** Partitions that were named. */
  readonly partitions: readonly TopicPartition[]
  /** Topics that were named without partitions. */
  readonly topics: readonly string[]
}

/** Takes `orders` and `orders:0,1` apart. @throws CommandExit in Kafka's words */
export function parseTopicArguments(given: readonly string[]): TopicArguments {
  const topics = given.filter((argument) => !argument.includes(':'))
  const partitions = given.filter((argument) => argument.includes(':')).flatMap(partitionsIn)
  return { topics, partitions }
}

function partitionsIn(argument: string): readonly TopicPartition[] {
  const parts = argument.replace(/:+$/, '').split(':')
  const [topic, list] = parts
  if (parts.length !== 2 || topic === undefined || list === undefined) {
    throw usageError(consumerGroupsUsage, `Invalid topic arg '${argument}', expected topic name and partitions`)
  }
  return list.split(',').map((number) => {
    if (!/^[+-]?\d+$/.test(number)) {
      throw usageError(consumerGroupsUsage, `Invalid partition '${number}' specified in topic arg '${argument}''`)
    }
    return { topic, partition: Number(number) }
  })
}

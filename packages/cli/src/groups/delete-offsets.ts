import { type Admin, kafkaExceptionMessage, partitionName, type TopicPartition } from '@odradek/admin'
import type { KafkaError } from '@odradek/client'
import type { CommandIo } from '../command/command-io.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { printError } from './group-command-error.ts'
import { callOptions } from './selected-groups.ts'
import { parseTopicArguments } from './topic-arguments.ts'

const ofTheGroup: readonly string[] = [
  'INVALID_GROUP_ID',
  'GROUP_ID_NOT_FOUND',
  'GROUP_AUTHORIZATION_FAILED',
  'NON_EMPTY_GROUP',
]
const ofPartitions: readonly string[] = [
  'GROUP_SUBSCRIBED_TO_TOPIC',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNKNOWN_TOPIC_OR_PARTITION',
]

/** Stands for all partitions of a topic that is not there. */
const noPartition = -1

interface OffsetRow extends TopicPartition {
  readonly error: KafkaError | undefined
}

/** `--delete-offsets` */
export async function deleteOffsets(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const groupId = options.required('group')
  const given = parseTopicArguments(options.values('topic'))
  const described = await admin.describeTopics(given.topics, callOptions(options))
  const partitions: TopicPartition[] = [...given.partitions]
  const unknown: OffsetRow[] = []
  for (const [topic, { value, error }] of described) {
    if (error !== undefined) unknown.push({ topic, partition: noPartition, error })
    for (const { partition } of value?.partitions ?? []) partitions.push({ topic, partition })
  }
  const results = await admin.deleteConsumerGroupOffsets(groupId, partitions, callOptions(options))
  const failure = [...results.values()].find(({ error }) => error !== undefined)?.error
  if (failure === undefined) await io.out(`Request succeeded for deleting offsets from group ${groupId}.\n`)
  else await printError(io, summary(failure))
  const rows = [
    ...unknown,
    ...partitions.map(
      (partition): OffsetRow => ({ ...partition, error: results.get(partitionName(partition))?.error }),
    ),
  ].sort((one, other) => (partitionKey(one) < partitionKey(other) ? -1 : 1))
  const width = Math.max(15, ...rows.map(({ topic }) => topic.length))
  const line = (topic: string, partition: string, status: string) =>
    `\n${topic.padEnd(width)} ${partition.padEnd(10)} ${status.padEnd(15)}`
  const lines = rows.map(({ topic, partition, error }) =>
    line(
      topic,
      partition < 0 ? '-' : String(partition),
      error === undefined ? 'Successful' : `Error: ${executionMessage(error)}`,
    ),
  )
  await io.out(`${line('TOPIC', 'PARTITION', 'STATUS')}${lines.join('')}\n`)
}

function summary(error: KafkaError): string {
  if (ofTheGroup.includes(error.code)) return kafkaExceptionMessage(error)
  if (ofPartitions.includes(error.code)) return 'Encountered some partition-level error, see the follow-up details.'
  return `Encountered some unknown error: ${error.code}`
}

function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}${partition}`
}

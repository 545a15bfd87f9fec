import { type Admin, partitionName, type TopicPartition, valuesOf } from '@odradek/admin'
import { KafkaError } from '@odradek/client'
import type { CommandIo } from '../command/command-io.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import { usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { consumerGroupsUsage } from './consumer-groups-usage.ts'
import { printError } from './group-command-error.ts'
import { parseResetFile } from './reset-file.ts'
import { type NewOffsets, resetPlan } from './reset-plan.ts'
import { callOptions, selectedGroups } from './selected-groups.ts'
import { parseTopicArguments } from './topic-arguments.ts'

/** `--reset-offsets` */
export async function resetOffsets(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const groupIds = await selectedGroups(admin, options)
  const described = await admin.describeConsumerGroups(groupIds, callOptions(options))
  const resets = new Map<string, NewOffsets>()
  for (const [groupId, { value, error }] of described) {
    if (error !== undefined && error.code !== 'GROUP_ID_NOT_FOUND') throw error
    const state = value?.state ?? 'Dead'
    if (state === 'Empty' || state === 'Dead') {
      resets.set(groupId, await resetOrExplain(admin, groupId, { options, io }))
    } else {
      const refusal = `Assignments can only be reset if the group '${groupId}' is inactive, but the current state is ${state}.`
      await printError(io, refusal)
      resets.set(groupId, [])
    }
  }
  await io.out(options.has('export') ? exportText(resets, groupIds.length === 1) : tableText(resets))
}

interface Context {
  readonly options: ParsedOptions
  readonly io: CommandIo
}

/** Failures of one group's reset are told without the class of the exception. */
async function resetOrExplain(admin: Admin, groupId: string, context: Context): Promise<NewOffsets> {
  try {
    return await resetGroup(admin, groupId, context)
  } catch (error) {
    throw error instanceof KafkaError ? new Error(failureMessage(error), { cause: error }) : error
  }
}

async function resetGroup(admin: Admin, groupId: string, { options, io }: Context): Promise<NewOffsets> {
  const partitions = await partitionsToReset(admin, groupId, options)
  await checkPresent(admin, partitions, options)
  const path = options.value('from-file')
  const file = path === undefined ? undefined : parseResetFile(await io.readFile(path), options.values('group'))
  const offsets = await resetPlan(admin, { groupId, partitions, file, options, io })
  if (options.has('execute') && offsets.length > 0) {
    valuesOf(await admin.alterConsumerGroupOffsets(groupId, offsets, callOptions(options)))
  }
  return offsets
}

async function partitionsToReset(
  admin: Admin,
  groupId: string,
  options: ParsedOptions,
): Promise<readonly TopicPartition[]> {
  if (options.has('all-topics')) {
    const committed = valuesOf(await admin.listConsumerGroupOffsets([groupId], callOptions(options))).get(groupId)!
    return [...committed.values()].filter((offset) => offset !== null)
  }
  if (options.has('topic')) {
    const given = parseTopicArguments(options.values('topic'))
    const described = valuesOf(await admin.describeTopics(given.topics, callOptions(options)))
    const whole = [...described.values()].flatMap(({ topic, partitions }) =>
      partitions.map(({ partition }) => ({ topic, partition })),
    )
    return [...given.partitions, ...whole]
  }
  if (!options.has('from-file')) {
    throw usageError(consumerGroupsUsage, 'One of the reset scopes should be defined: --all-topics, --topic.')
  }
  return []
}

async function checkPresent(
  admin: Admin,
  partitions: readonly TopicPartition[],
  options: ParsedOptions,
): Promise<void> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const described = valuesOf(await admin.describeTopics(topics, callOptions(options)))
  const leaders = new Map(
    [...described.values()].flatMap(({ topic, partitions: present }) =>
      present.map(({ partition, leaderId }) => [partitionName({ topic, partition }), leaderId] as const),
    ),
  )
  const names = partitions.map(partitionName)
  const missing = names.filter((name) => !leaders.has(name))
  if (missing.length > 0) throw new Error(`The partitions "${missing.join(',')}" do not exist`)
  const leaderless = names.filter((name) => leaders.get(name)! < 0)
  if (leaderless.length > 0) throw new Error(`The partitions "${leaderless.join(',')}" have no leader`)
}

function tableText(resets: ReadonlyMap<string, NewOffsets>): string {
  const rows = [...resets].flatMap(([group, offsets]) => offsets.map((offset) => ({ group, ...offset })))
  const groupWidth = Math.max(15, ...[...resets.keys()].map((group) => group.length))
  const topicWidth = Math.max(15, ...rows.map(({ topic }) => topic.length))
  const line = ([group, topic, partition, offset]: readonly [string, string, string, string | number]) =>
    `\n${group.padEnd(groupWidth)} ${topic.padEnd(topicWidth)} ${partition.padEnd(10)} ${offset}`
  const titles = resets.size === 0 ? '' : line(['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'])
  const lines = rows.map(({ group, topic, partition, offset }) => line([group, topic, String(partition), offset]))
  return `${titles}${lines.join('')}\n`
}

function exportText(resets: ReadonlyMap<string, NewOffsets>, isOneGroup: boolean): string {
  const lines = [...resets].flatMap(([group, offsets]) =>
    offsets.map(({ topic, partition, offset }) => {
      return `${(isOneGroup ? [topic, partition, offset] : [group, topic, partition, offset]).join(',')}\n`
    }),
  )
  return `${lines.join('')}\n`
}

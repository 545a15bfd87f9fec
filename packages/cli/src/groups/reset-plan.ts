import { type Admin, partitionName, type TopicPartition, valuesOf } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import { now } from '../command/now.ts'
import { usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { consumerGroupsUsage, resetScenarios } from './consumer-groups-usage.ts'
import { printError } from './group-command-error.ts'
import { parseDateTime, parseDuration } from './java-time.ts'
import { logOffsets } from './log-offsets.ts'
import { callOptions } from './selected-groups.ts'

/** Where the partitions of a group are set to. */
export type NewOffsets = readonly (TopicPartition & { readonly offset: number })[]

/** What a plan is made from. */
export interface ResetInput {
  readonly groupId: string
  readonly partitions: readonly TopicPartition[]
  /** The plans of `--from-file` by group. */
  readonly file: ReadonlyMap<string, NewOffsets> | undefined
  readonly options: ParsedOptions
  readonly io: CommandIo
}

type Scenario = (admin: Admin, input: ResetInput) => Promise<NewOffsets>

const scenarios: Readonly<Record<(typeof resetScenarios)[number], Scenario>> = {
  'to-offset': async (admin, input) => {
    const offset = Number(input.options.required('to-offset'))
    return await withinLog(
      admin,
      input.partitions.map((partition) => ({ ...partition, offset })),
      input,
    )
  },
  'to-earliest': (admin, input) => toEnd(admin, input, 'earliest'),
  'to-latest': (admin, input) => toEnd(admin, input, 'latest'),
  'shift-by': shiftBy,
  'to-datetime': (admin, input) => toTimestamp(admin, input, parseDateTime(input.options.required('to-datetime'))),
  'by-duration': (admin, input) =>
    toTimestamp(admin, input, now() - parseDuration(input.options.required('by-duration'))),
  'from-file': async (admin, input) => {
    const plan = input.file?.get(input.groupId)
    if (plan !== undefined) return await withinLog(admin, plan, input)
    await printError(input.io, `No reset plan for group ${input.groupId} found`)
    return []
  },
  'to-current': toCurrent,
}

/** The offsets that a reset sets. @throws CommandExit, or Error in Kafka's words */
export async function resetPlan(admin: Admin, input: ResetInput): Promise<NewOffsets> {
  const name = resetScenarios.find((scenario) => input.options.has(scenario))
  if (name === undefined) {
    const all = resetScenarios.map((scenario) => `[${scenario}]`).join(', ')
    throw usageError(consumerGroupsUsage, `Option '[reset-offsets]' requires one of the following scenarios: [${all}]`)
  }
  return await scenarios[name](admin, input)
}

async function toEnd(admin: Admin, input: ResetInput, at: 'earliest' | 'latest'): Promise<NewOffsets> {
  const ends = await logOffsets(admin, { partitions: input.partitions, at }, callOptions(input.options))
  return input.partitions.map((partition) => ({ ...partition, offset: ends.get(partitionName(partition))! }))
}

async function committedOffsets(admin: Admin, { groupId, options }: ResetInput): Promise<ReadonlyMap<string, number>> {
  const committed = valuesOf(await admin.listConsumerGroupOffsets([groupId], callOptions(options))).get(groupId)!
  return new Map([...committed].flatMap(([name, found]) => (found === null ? [] : [[name, found.offset] as const])))
}

async function shiftBy(admin: Admin, input: ResetInput): Promise<NewOffsets> {
  const committed = await committedOffsets(admin, input)
  const by = Number(input.options.required('shift-by'))
  const shifted = input.partitions.map((partition) => {
    const name = partitionName(partition)
    const offset = committed.get(name)
    if (offset === undefined) {
      throw usageError(
        consumerGroupsUsage,
        `Cannot shift offset for partition ${name} since there is no current committed offset`,
      )
    }
    return { ...partition, offset: offset + by }
  })
  return await withinLog(admin, shifted, input)
}

/** Where the group stands already; where it has not been yet, the end of the log. */
async function toCurrent(admin: Admin, input: ResetInput): Promise<NewOffsets> {
  const committed = await committedOffsets(admin, input)
  const isNew = (partition: TopicPartition) => !committed.has(partitionName(partition))
  const fresh = input.partitions.filter(isNew)
  const ends = await logOffsets(admin, { partitions: fresh, at: 'latest' }, callOptions(input.options))
  const offsetOf = (name: string) => committed.get(name) ?? ends.get(name)!
  return input.partitions.map((partition) => ({ ...partition, offset: offsetOf(partitionName(partition)) }))
}

async function toTimestamp(admin: Admin, input: ResetInput, timestamp: number): Promise<NewOffsets> {
  const { partitions, io } = input
  const call = callOptions(input.options)
  const found = await logOffsets(admin, { partitions, at: { timestamp } }, call)
  const later = partitions.filter((partition) => found.get(partitionName(partition)) === -1)
  for (const { topic, partition } of later) {
    const warning = `Warn: Partition ${partition} from topic ${topic} is empty. Falling back to latest known offset.`
    await io.out(`\n${warning}\n`)
  }
  const ends = await logOffsets(admin, { partitions: later, at: 'latest' }, call)
  return partitions.map((partition) => {
    const name = partitionName(partition)
    return { ...partition, offset: ends.get(name) ?? found.get(name)! }
  })
}

/** Offsets moved to the nearest that the log has. */
async function withinLog(admin: Admin, wanted: NewOffsets, { options }: ResetInput): Promise<NewOffsets> {
  const call = callOptions(options)
  const starts = await logOffsets(admin, { partitions: wanted, at: 'earliest' }, call)
  const ends = await logOffsets(admin, { partitions: wanted, at: 'latest' }, call)
  return wanted.map(({ topic, partition, offset }) => {
    const name = partitionName({ topic, partition })
    const [start, end] = [starts.get(name), ends.get(name)]
    if (start === undefined || end === undefined) {
      throw new Error(`Unexpected non-existing offset value for topic partition ${name}`)
    }
    return { topic, partition, offset: Math.max(start, Math.min(end, offset)) }
  })
}

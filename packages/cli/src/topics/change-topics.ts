import { type Admin, onlyValue, valuesOf } from '@odradek/admin'
import { KafkaError } from '@odradek/client'
import type { CommandIo } from '../command/command-io.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { parseReplicaAssignment } from './replica-assignment.ts'
import { checkFound, topicNames } from './topic-names.ts'

const collisionWarning =
  "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n"

/** `--create` */
export async function createTopic(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const topic = options.required('topic')
  const configs = parseTopicConfigs(options.values('config'))
  const assignment = options.value('replica-assignment')
  const partitions = numberOf(options, 'partitions')
  const replicationFactor = numberOf(options, 'replication-factor')
  if (/[._]/.test(topic)) await io.out(collisionWarning)
  if (replicationFactor !== undefined && (replicationFactor < 1 || replicationFactor > 32767)) {
    throw new Error('The replication factor must be between 1 and 32767 inclusive')
  }
  if (partitions !== undefined && partitions < 1) throw new Error('The partitions must be greater than 0')
  const assignments = assignment === undefined || assignment === '' ? undefined : parseReplicaAssignment(assignment)
  const placement = assignments === undefined ? { partitions, replicationFactor } : { assignments }
  try {
    onlyValue(await admin.createTopics([{ topic, ...placement, configs }], { retryOnQuotaViolation: false }))
  } catch (error) {
    const isThere = error instanceof KafkaError && error.code === 'TOPIC_ALREADY_EXISTS'
    if (isThere && options.has('if-not-exists')) return
    throw error
  }
  await io.out(`Created topic ${topic}.\n`)
}

/** `--alter` */
export async function alterTopics(admin: Admin, options: ParsedOptions): Promise<void> {
  const names = await matchingTopics(admin, options)
  if (names.length === 0) return
  const totalCount = numberOf(options, 'partitions')!
  const assignment = options.value('replica-assignment')
  const assignments = assignment === undefined || assignment === '' ? undefined : parseReplicaAssignment(assignment)
  const present = assignments === undefined ? new Map() : valuesOf(await admin.describeTopics(names))
  const wanted = names.map((topic) => {
    const newAssignments = assignments?.slice(present.get(topic)?.partitions.length ?? 0)
    return { topic, totalCount, newAssignments }
  })
  valuesOf(await admin.createPartitions(wanted, { retryOnQuotaViolation: false }))
}

/** `--delete` */
export async function deleteTopics(admin: Admin, options: ParsedOptions): Promise<void> {
  valuesOf(await admin.deleteTopics(await matchingTopics(admin, options), { retryOnQuotaViolation: false }))
}

async function matchingTopics(admin: Admin, options: ParsedOptions): Promise<readonly string[]> {
  const topic = options.value('topic')
  const names = await topicNames(admin, { include: topic, excludeInternal: options.has('exclude-internal') })
  checkFound(names, topic, !options.has('if-exists'))
  return names
}

function parseTopicConfigs(given: readonly string[]): Record<string, string> {
  const configs: Record<string, string> = {}
  for (const config of given) {
    const parts = config.split(/\s*=\s*/)
    if (parts.length !== 2) {
      throw new Error(
        'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".',
      )
    }
    configs[parts[0]!.trim()] = parts[1]!.trim()
  }
  return configs
}

function numberOf(options: ParsedOptions, name: string): number | undefined {
  const value = options.value(name)
  return value === undefined ? undefined : Number(value)
}

import {
  type Admin,
  type ConfigEntry,
  type PartitionReassignment,
  type TopicPartitionInfo,
  valuesOf,
} from '@odradek/admin'
import { KafkaError } from '@odradek/client'
import type { CommandIo } from '../command/command-io.ts'
import { javaHashOrder } from '../command/java-hash-order.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import {
  type DescribedTopic,
  isOverridden,
  isUnderReplicated,
  noTopicId,
  partitionLine,
  topicLine,
} from './topic-lines.ts'
import { checkFound, topicNames } from './topic-names.ts'

/** `--describe` */
export async function describeTopics(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const topics = await described(admin, await selection(admin, options), options)
  const cluster = await admin.describeCluster()
  const live = new Set(cluster.nodes.map(({ nodeId }) => nodeId))
  if (options.has('json')) {
    await io.out(`${JSON.stringify(topics.map(jsonOf), null, 2)}\n`)
    return
  }
  const selects = partitionSelection(options, live)
  for (const topic of topics) {
    const lines: string[] = []
    if (selects === undefined) {
      const overridden = topic.configs.some(isOverridden)
      if (!options.has('topics-with-overrides') || overridden) lines.push(topicLine(topic))
    }
    if (!options.has('topics-with-overrides')) {
      const shown = topic.partitions.filter((partition) => selects?.(partition, topic) ?? true)
      lines.push(...shown.map((partition) => partitionLine(topic, partition)))
    }
    await io.out(lines.join(''))
  }
}

type Selection = { readonly names: readonly string[] } | { readonly topicIds: readonly string[] }

async function selection(admin: Admin, options: ParsedOptions): Promise<Selection> {
  const topicId = options.value('topic-id')
  const excludeInternal = options.has('exclude-internal')
  if (topicId !== undefined && topicId !== noTopicId) {
    const listed = await admin.listTopics({ listInternal: !excludeInternal })
    const topicIds = listed.map((topic) => topic.topicId).filter((id) => id === topicId)
    if (topicIds.length === 0 && !options.has('if-exists')) {
      throw new Error(`TopicId '${topicId}' does not exist as expected`)
    }
    return { topicIds }
  }
  const topic = options.value('topic')
  const names = await topicNames(admin, { include: topic, excludeInternal })
  checkFound(names, topic, !options.has('if-exists'))
  return { names }
}

async function described(admin: Admin, selected: Selection, options: ParsedOptions): Promise<DescribedTopic[]> {
  const limit = options.value('partition-size-limit-per-response')
  const partitionSizeLimitPerResponse = limit === undefined ? undefined : Number(limit)
  const asked = 'names' in selected ? selected.names : selected
  const descriptions = valuesOf(await admin.describeTopics(asked, { partitionSizeLimitPerResponse }))
  const topics = [...descriptions.values()].sort((one, other) => (one.topic < other.topic ? -1 : 1))
  const resources = topics.map(({ topic: name }) => ({ type: 'TOPIC' as const, name }))
  const configs = valuesOf(await admin.describeConfigs(resources))
  const reassignments = await partitionReassignments(admin)
  return topics.map((topic) => {
    const entries = configs.get(`TOPIC:${topic.topic}`)?.entries ?? new Map<string, ConfigEntry>()
    return { ...topic, reassignments, configs: javaHashOrder([...entries.keys()]).map((name) => entries.get(name)!) }
  })
}

/** What is on its way to other brokers; nothing where the cluster does not tell, or not this user. */
async function partitionReassignments(admin: Admin): Promise<ReadonlyMap<string, PartitionReassignment>> {
  try {
    return await admin.listPartitionReassignments()
  } catch (error) {
    const isUntold = error instanceof KafkaError && untold.includes(error.code)
    if (isUntold) return new Map()
    throw error
  }
}

const untold: readonly string[] = ['UNSUPPORTED_VERSION', 'CLUSTER_AUTHORIZATION_FAILED']

type PartitionSelection = (partition: TopicPartitionInfo, topic: DescribedTopic) => boolean

/** Which partitions one of the reports shows; undefined when none was asked for. */
function partitionSelection(options: ParsedOptions, live: ReadonlySet<number>): PartitionSelection | undefined {
  if (options.has('under-replicated-partitions')) return isUnderReplicated
  if (options.has('unavailable-partitions')) return ({ leaderId }) => !live.has(leaderId)
  if (options.has('under-min-isr-partitions')) {
    return ({ leaderId, isr }, topic) => leaderId < 0 || isr.length < minInsyncReplicas(topic)
  }
  if (options.has('at-min-isr-partitions')) return ({ isr }, topic) => isr.length === minInsyncReplicas(topic)
  return undefined
}

function minInsyncReplicas({ configs }: DescribedTopic): number {
  return Number(configs.find(({ name }) => name === 'min.insync.replicas')?.value)
}

function jsonOf(topic: DescribedTopic): object {
  const configs = Object.fromEntries(topic.configs.filter(isOverridden).map(({ name, value }) => [name, value]))
  return {
    topic: topic.topic,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    configs,
    partitions: topic.partitions,
  }
}

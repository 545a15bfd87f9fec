import { includePattern } from '../topics/topic-names.ts'

/** Which partitions of which topics a command is about. Kafka: `TopicPartitionFilter`. */
export interface PartitionFilter {
  readonly isTopicAllowed: (topic: string) => boolean
  readonly isPartitionAllowed: (topic: string, partition: number) => boolean
}

const rule = /^([^:,]*)(?::(?:([0-9]*)|(?:([0-9]*)-([0-9]*))))?$/

/** The partitions that any rule of a list names: `orders:0`, `orders:0-3`, `orders:5-`, `:-2`, `orders`. @throws Error in Kafka's words */
export function partitionRules(list: string): PartitionFilter {
  const filters = list.split(',').map(partitionRule)
  return {
    isTopicAllowed: (topic) => filters.some((filter) => filter.isTopicAllowed(topic)),
    isPartitionAllowed: (topic, partition) => filters.some((filter) => filter.isPartitionAllowed(topic, partition)),
  }
}

/** The partitions with some numbers, or all, of the topics that an expression matches. */
export function partitionsOf(topics: string | undefined, partitions: ReadonlySet<number>): PartitionFilter {
  const pattern = includePattern(topics ?? '.*')
  return filterOf(pattern, (partition) => partitions.size === 0 || partitions.has(partition))
}

function partitionRule(text: string): PartitionFilter {
  const found = rule.exec(text)
  if (found === null) throw new Error(`Invalid rule specification: ${text}`)
  const [, topic, only = '', from = '', to = ''] = found
  const pattern = includePattern(topic === '' ? '.*' : topic!)
  if (only !== '') return filterOf(pattern, (partition) => partition === Number(only))
  const first = from === '' ? 0 : Number(from)
  const end = to === '' ? Number.MAX_SAFE_INTEGER : Number(to)
  return filterOf(pattern, (partition) => partition >= first && partition < end)
}

function filterOf(pattern: RegExp, includes: (partition: number) => boolean): PartitionFilter {
  const isTopicAllowed = (topic: string) => pattern.test(topic)
  return { isTopicAllowed, isPartitionAllowed: (topic, partition) => isTopicAllowed(topic) && includes(partition) }
}

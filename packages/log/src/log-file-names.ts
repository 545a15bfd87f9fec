/** The suffixes of a segment's files, and of the marks they carry while they are replaced or deleted. */
export const logSuffix = '.log'
export const offsetIndexSuffix = '.index'
export const timeIndexSuffix = '.timeindex'
export const transactionIndexSuffix = '.txnindex'
export const producerSnapshotSuffix = '.snapshot'
export const deletedSuffix = '.deleted'
export const cleanedSuffix = '.cleaned'
export const swapSuffix = '.swap'

/** Kafka's largest offset delta within a segment: indexes hold offsets relative to the base in 32 bits. */
export const maxRelativeOffset = 0x7fffffff

/** A partition of a topic, as Kafka's `TopicPartition`. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** `<base offset in 20 digits><suffix>`: the name of a segment's file. */
export function segmentFileName(baseOffset: number, suffix: string): string {
  return baseOffset.toString().padStart(20, '0') + suffix
}

/** The offset in a segment's or snapshot's file name, or undefined when the name is not one. */
export function offsetOfFileName(name: string): number | undefined {
  const dot = name.indexOf('.')
  const digits = dot < 0 ? name : name.slice(0, dot)
  if (digits.length === 0 || !/^\d+$/.test(digits)) return undefined
  const offset = Number(digits)
  return Number.isSafeInteger(offset) ? offset : undefined
}

/** What a directory under `log.dirs` holds, told by its name. */
export type PartitionDirectory =
  | { readonly kind: 'partition'; readonly topicPartition: TopicPartition }
  | { readonly kind: 'delete' | 'future' | 'stray'; readonly topicPartition: TopicPartition }
  | { readonly kind: 'other' }

/** `<topic>-<partition>`: the directory of a partition's log. */
export function partitionDirectoryName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/**
 * `<topic>-<partition>.<unique id>-<suffix>` for a directory that is being deleted, moved or was found without an owner; the
 * topic is shortened where the name would be longer than 255 characters, as Kafka does for `-delete`.
 */
export function markedDirectoryName(
  topicPartition: TopicPartition,
  uniqueId: string,
  mark: 'delete' | 'stray',
): string {
  const suffix = `-${topicPartition.partition}.${uniqueId}-${mark}`
  return topicPartition.topic.slice(0, Math.max(0, 255 - suffix.length)) + suffix
}

/** The directory that holds this file or directory. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  if (slash < 0) return '.'
  return slash === 0 ? '/' : path.slice(0, slash)
}

/** Reads the name of a directory in a log directory. */
export function parsePartitionDirectory(name: string): PartitionDirectory {
  const marked = /^(.+)\.[^.]+-(delete|future|stray)$/.exec(name)
  const topicPartition = parseTopicPartition(marked?.[1] ?? name)
  if (topicPartition === undefined) return { kind: 'other' }
  if (marked === null) return { kind: 'partition', topicPartition }
  return { kind: marked[2] as 'delete' | 'future' | 'stray', topicPartition }
}

function parseTopicPartition(name: string): TopicPartition | undefined {
  const parts = /^(.+)-(\d+)$/.exec(name)
  if (parts === null) return undefined
  const partition = Number(parts[2])
  return partition <= 0x7fffffff ? { topic: parts[1] as string, partition } : undefined
}

import { type Admin, type ConsumerGroupDescription, partitionName, type TopicPartition, valuesOf } from '@odradek/admin'
import type { ParsedOptions } from '../options/option-parser.ts'
import { logOffsets } from './log-offsets.ts'
import { callOptions } from './selected-groups.ts'

/** A partition of a group, as a line of `--describe` shows it. Kafka: `PartitionAssignmentState`. */
export interface GroupRow extends TopicPartition {
  readonly group: string
  /** Null when none was committed. */
  readonly currentOffset: number | null
  readonly leaderEpoch: number | null
  /** Null when it is not known. */
  readonly logEndOffset: number | null
  readonly lag: number | null
  readonly consumerId: string
  readonly host: string
  readonly clientId: string
}

interface Owner {
  readonly consumerId: string
  readonly host: string
  readonly clientId: string
}

const nobody: Owner = { consumerId: '-', host: '-', clientId: '-' }

/** The partitions of a group: those of the member with most of them first, at last those that nobody reads. */
export async function groupRows(
  admin: Admin,
  group: ConsumerGroupDescription,
  options: ParsedOptions,
): Promise<readonly GroupRow[]> {
  const { groupId } = group
  const committed = valuesOf(await admin.listConsumerGroupOffsets([groupId], callOptions(options))).get(groupId)!
  const members = group.members
    .filter(({ assignment }) => assignment.length > 0)
    .sort((one, other) => other.assignment.length - one.assignment.length)
  const assigned = new Set(members.flatMap(({ assignment }) => assignment.map(partitionName)))
  const unassigned = [...committed].flatMap(([name, offset]) => (offset === null || assigned.has(name) ? [] : [offset]))
  const owned = [
    ...members.map(({ memberId, clientHost, clientId, assignment }) => ({
      owner: { consumerId: memberId, host: clientHost, clientId },
      partitions: assignment,
    })),
    { owner: nobody, partitions: unassigned },
  ]
  const ends = await logOffsets(
    admin,
    { partitions: owned.flatMap(({ partitions }) => partitions), at: 'latest' },
    callOptions(options),
  )
  return owned.flatMap(({ owner, partitions }) =>
    [...partitions].sort(inOrder).flatMap(({ topic, partition }) => {
      const name = partitionName({ topic, partition })
      const offset = committed.get(name) ?? null
      const currentOffset = offset?.offset ?? null
      const logEndOffset = ends.get(name) ?? null
      const lag = currentOffset === null || logEndOffset === null ? null : logEndOffset - currentOffset
      const leaderEpoch = offset?.leaderEpoch ?? null
      return [{ group: groupId, topic, partition, currentOffset, leaderEpoch, logEndOffset, lag, ...owner }]
    }),
  )
}

function inOrder(one: TopicPartition, other: TopicPartition): number {
  if (one.topic !== other.topic) return one.topic < other.topic ? -1 : 1
  return one.partition - other.partition
}

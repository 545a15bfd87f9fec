import { KafkaError } from '@odradek/client'
import { type OffsetFetchResponse, offsetFetchRequest, offsetFetchResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import type { Result, Results } from '../core/results.ts'
import { errorNames } from '../core/routes.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** An offset that a group has committed. Kafka: `OffsetAndMetadata`. */
export interface CommittedOffset extends TopicPartition {
  readonly offset: number
  /** Null when it was committed without one. */
  readonly leaderEpoch: number | null
  readonly metadata: string
}

/** The offsets of one group by the names of partitions; null where it has committed none. */
export type GroupOffsets = ReadonlyMap<string, CommittedOffset | null>

/** A group, and which of its offsets are wanted. */
export interface WantedGroupOffsets {
  readonly groupId: string
  /** All that it has committed when left out. */
  readonly partitions?: readonly TopicPartition[] | undefined
}

/** How offsets of groups are listed. */
export interface ListGroupOffsetsOptions extends CallOptions {
  /** Waits until offsets of open transactions are settled (KIP-447). */
  readonly requireStable?: boolean | undefined
}

/** Admin clients name topics, which later versions do not. */
const offsetFetchApi = { request: { ...offsetFetchRequest, maxVersion: 9 }, response: offsetFetchResponse }
const firstVersionOfMany = 8

/** Offsets that groups have committed. `name` is the call's in Kafka. */
export function listGroupOffsets(
  core: AdminCore,
  { name, groups }: { readonly name: string; readonly groups: Iterable<string | WantedGroupOffsets> },
  options: ListGroupOffsetsOptions = {},
): Promise<Results<GroupOffsets>> {
  const wanted = [...groups].map((group) => (typeof group === 'string' ? { groupId: group } : group))
  const requireStable = options.requireStable ?? false
  return forEachItem(
    core,
    {
      name,
      api: offsetFetchApi,
      route: toCoordinator('group', ({ groupId }: WantedGroupOffsets) => groupId),
      retryOn: errorNames('UNSTABLE_OFFSET_COMMIT'),
      itemsPerRequest: (version) => (version < firstVersionOfMany ? 1 : Number.POSITIVE_INFINITY),
      request: (given, { version }) => {
        if (requireStable) needsVersion(version, 7, 'requireStable')
        const stable = version < 7 ? {} : { requireStable }
        if (version >= firstVersionOfMany) {
          return { ...stable, groups: given.map((group) => ({ groupId: group.groupId, topics: topicsOf(group) })) }
        }
        return { ...stable, groupId: given[0]!.groupId, topics: topicsOf(given[0]!) }
      },
      read: (response, { version, items }) => {
        if (version >= firstVersionOfMany) return response.groups.map((row) => [row.groupId, offsetsOf(row)] as const)
        return [...items.keys()].map((groupId) => [groupId, offsetsOf(response)] as const)
      },
    },
    { items: named(wanted, ({ groupId }) => groupId), options },
  )
}

function topicsOf({ partitions }: WantedGroupOffsets) {
  if (partitions === undefined) return null
  return [...byTopic(partitions)].map(([name, items]) => ({
    name,
    partitionIndexes: items.map(({ partition }) => partition),
  }))
}

function offsetsOf(row: Pick<OffsetFetchResponse, 'errorCode' | 'topics'>): Result<GroupOffsets> {
  const failed = errorOf(row)
  if (failed !== undefined) return { error: failed }
  const offsets = new Map<string, CommittedOffset | null>()
  for (const { name: topic, partitions } of row.topics) {
    for (const found of partitions) {
      const where = { topic, partition: found.partitionIndex }
      // A topic that is gone has no offsets; whatever else fails makes the others worthless.
      const error = errorOf(found, where)
      if (error instanceof KafkaError && error.code !== 'UNKNOWN_TOPIC_OR_PARTITION') return { error }
      if (error !== undefined) continue
      const { committedOffset: offset, committedLeaderEpoch, metadata } = found
      const leaderEpoch = committedLeaderEpoch < 0 ? null : committedLeaderEpoch
      offsets.set(partitionName(where), offset < 0 ? null : { ...where, offset, leaderEpoch, metadata: metadata ?? '' })
    }
  }
  return { value: offsets }
}

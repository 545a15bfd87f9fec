import { errors, type Input } from '@odradek/protocol'
import type { OffsetFetchResponseGroup, OffsetFetchResponsePartitions } from '@odradek/protocol/messages'
import { consumerFetchError } from '../consumer/commit-error.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { type CommittedOffset, isOfOtherTopic } from './committed-offsets.ts'

/** One group of an OffsetFetch request; topics have their names, and the ids they have now. */
export interface OffsetFetch {
  readonly groupId: string
  /** Who asks, in a group that checks it: since version 9. */
  readonly memberId: string | null
  readonly memberEpoch: number
  /** Offsets that a transaction is about to change are not told. */
  readonly requireStable: boolean
  /** Null for everything the group has committed. */
  readonly topics:
    | readonly { readonly name: string; readonly topicId: string; readonly partitionIndexes: readonly number[] }[]
    | null
}

type FetchedGroup = Input<OffsetFetchResponseGroup>

/** OffsetFetch, versions 1 to 10: what a group has committed, -1 where it has not, which is no error. */
export function fetchOffsets(state: GroupCoordinatorState, fetch: OffsetFetch): FetchedGroup {
  const { groupId, topics } = fetch
  const group = state.group(groupId)
  const error = group?.type === 'consumer' ? consumerFetchError(group, fetch) : undefined
  if (error !== undefined) return { groupId, errorCode: errors[error].code }
  const committed = group === undefined ? undefined : state.offsets.ofGroup(groupId)
  const isUnstable = (topic: string, partition: number) =>
    fetch.requireStable && state.transactionalOffsets.isOpen({ group: groupId, topic, partition })
  if (topics !== null) {
    return {
      groupId,
      topics: topics.map(({ name, topicId, partitionIndexes }) => ({
        name,
        topicId,
        partitions: partitionIndexes.map((partitionIndex) => {
          if (isUnstable(name, partitionIndex)) return unstable(partitionIndex)
          const offset = committed?.get(name)?.get(partitionIndex)
          const isOurs = offset !== undefined && !isOfOtherTopic(offset, topicId)
          return fetched(partitionIndex, isOurs ? offset : undefined)
        }),
      })),
    }
  }
  return {
    groupId,
    topics: [...(committed ?? [])].map(([name, partitions]) => ({
      name,
      partitions: [...partitions].map(([partitionIndex, offset]) =>
        isUnstable(name, partitionIndex) ? unstable(partitionIndex) : fetched(partitionIndex, offset),
      ),
    })),
  }
}

/** The client is to ask again when the transaction has ended (KIP-447). */
function unstable(partitionIndex: number): Input<OffsetFetchResponsePartitions> {
  return { ...fetched(partitionIndex, undefined), errorCode: errors.UNSTABLE_OFFSET_COMMIT.code }
}

function fetched(partitionIndex: number, committed: CommittedOffset | undefined): Input<OffsetFetchResponsePartitions> {
  if (committed === undefined) return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '' }
  const { offset, leaderEpoch, metadata } = committed
  return { partitionIndex, committedOffset: offset, committedLeaderEpoch: leaderEpoch, metadata }
}

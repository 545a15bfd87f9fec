import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type { OffsetDeleteRequest, OffsetDeleteResponse } from '@odradek/protocol/messages'
import { consumerProtocolType } from '@odradek/strategies'
import type { Group, GroupCoordinatorState } from '../group-coordinator-state.ts'
import { isSubscribedToTopic } from '../group-subscription.ts'
import { answer, type CoordinatorRecord, type CoordinatorResult } from '../result.ts'
import { offsetCommitTombstone } from './committed-offsets.ts'

type Result = CoordinatorResult<Input<OffsetDeleteResponse>>

/** OffsetDelete, version 0 (KIP-496): forgets offsets of topics that no member subscribes to. */
export function deleteOffsets(state: GroupCoordinatorState, request: OffsetDeleteRequest): Result {
  const group = state.group(request.groupId)
  if (group === undefined) return refusal(request.groupId === '' ? 'INVALID_GROUP_ID' : 'GROUP_ID_NOT_FOUND')
  const error = deletionError(group)
  if (error !== undefined) return refusal(error)
  const records: CoordinatorRecord[] = []
  const topics = request.topics.map(({ name, partitions }) => {
    const isInUse = isSubscribedToTopic(group, name)
    const errorCode = isInUse ? errors.GROUP_SUBSCRIBED_TO_TOPIC.code : errors.NONE.code
    for (const { partitionIndex: partition } of isInUse ? [] : partitions) {
      const key = { group: request.groupId, topic: name, partition }
      const isKnown =
        state.offsets.get(key.group, name, partition) !== undefined || state.transactionalOffsets.isOpen(key)
      if (isKnown) records.push(offsetCommitTombstone(key))
    }
    return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) }
  })
  return { ...answer({ topics }), records }
}

/** Only of consumers is it known which topics they read. */
function deletionError(group: Group): ErrorName | undefined {
  if (group.type === 'consumer') return undefined
  return group.state === 'Empty' || group.protocolType === consumerProtocolType ? undefined : 'NON_EMPTY_GROUP'
}

function refusal(error: ErrorName): Result {
  return answer({ errorCode: errors[error].code })
}

import { errors } from '@odradek/protocol'
import {
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochRequestOffsetForLeaderPartition,
  type OffsetForLeaderEpochResponse,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '@odradek/protocol/messages'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'

/** OffsetForLeaderEpoch, versions 2 to 4 (KIP-101, KIP-320): where an epoch ended, so that a reader can find lost records. */
export const offsetForLeaderEpoch = defineHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>({
  request: offsetForLeaderEpochRequest,
  response: offsetForLeaderEpochResponse,
  handle(request, context) {
    return {
      topics: request.topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((partition) => endOffsetOf(topic, partition, context)),
      })),
    }
  },
})

function endOffsetOf(
  topic: string,
  wanted: OffsetForLeaderEpochRequestOffsetForLeaderPartition,
  { broker }: RequestContext,
) {
  const { partition, currentLeaderEpoch, leaderEpoch } = wanted
  const found = broker.partitions.findByName(topic, partition)
  const error = 'error' in found ? found.error : found.refusesReader(currentLeaderEpoch)
  if (error !== undefined || 'error' in found) return { partition, errorCode: errors[error ?? 'NONE'].code }
  const end = found.log.endOffsetForEpoch(leaderEpoch)
  return { partition, leaderEpoch: end.leaderEpoch, endOffset: end.endOffset }
}

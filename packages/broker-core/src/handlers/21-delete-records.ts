import { type ErrorName, errors } from '@odradek/protocol'
import {
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  deleteRecordsRequest,
  deleteRecordsResponse,
} from '@odradek/protocol/messages'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'

/**
 * DeleteRecords, versions 0 to 2 (KIP-107): moves the log start offset up; -1 deletes up to the high watermark. With one replica
 * the low watermark is the leader's log start offset, so nothing has to be waited for.
 */
export const deleteRecords = defineHandler<DeleteRecordsRequest, DeleteRecordsResponse>({
  request: deleteRecordsRequest,
  response: deleteRecordsResponse,
  handle(request, context) {
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => {
          const result = deleteBefore({ topic: name, partitionIndex, offset }, context)
          return typeof result === 'number'
            ? { partitionIndex, lowWatermark: result }
            : { partitionIndex, lowWatermark: -1, errorCode: errors[result].code }
        }),
      })),
    }
  },
})

function deleteBefore(
  wanted: { readonly topic: string; readonly partitionIndex: number; readonly offset: number },
  { broker }: RequestContext,
): number | ErrorName {
  const found = broker.partitions.findByName(wanted.topic, wanted.partitionIndex)
  if ('error' in found) return found.error
  if (!found.log.config.cleanupPolicy.has('delete')) return 'POLICY_VIOLATION'
  return found.deleteRecordsBefore(wanted.offset) ?? found.log.logStartOffset
}

import { deleteOffsets } from '@odradek/coordinator'
import { errors, type Input } from '@odradek/protocol'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteRequestTopic,
  type OffsetDeleteResponse,
  offsetDeleteRequest,
  offsetDeleteResponse,
} from '@odradek/protocol/messages'
import type { Broker } from '../broker.ts'
import { defineHandler } from '../handler.ts'

/** OffsetDelete, version 0 (KIP-496). Partitions that do not exist are refused here; the rest is for the coordinator. */
export const offsetDelete = defineHandler<OffsetDeleteRequest, OffsetDeleteResponse>({
  request: offsetDeleteRequest,
  response: offsetDeleteResponse,
  async handle(request, { broker }) {
    const topics = request.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.filter(({ partitionIndex }) => exists(topic, partitionIndex, broker)),
    }))
    const response = await broker.groups.run<Input<OffsetDeleteResponse>>(request.groupId, {
      handle: (state) => deleteOffsets(state, { ...request, topics }),
      failure: (error) => ({ errorCode: errors[error].code }),
    })
    if (response.errorCode) return response
    const unknown = errors.UNKNOWN_TOPIC_OR_PARTITION.code
    return {
      topics: request.topics.map((topic, index) => ({
        name: topic.name,
        partitions: [
          ...(response.topics?.[index]?.partitions ?? []),
          ...topic.partitions
            .filter(({ partitionIndex }) => !exists(topic, partitionIndex, broker))
            .map(({ partitionIndex }) => ({ partitionIndex, errorCode: unknown })),
        ],
      })),
    }
  },
})

function exists({ name }: OffsetDeleteRequestTopic, partitionIndex: number, broker: Broker): boolean {
  return broker.metadata.image.topics.byName(name)?.partitions.has(partitionIndex) ?? false
}

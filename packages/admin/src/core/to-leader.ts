import { KafkaError } from '@odradek/client'
import { errorByCode, errors } from '@odradek/protocol'
import { type MetadataResponse, metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import type { AdminCall, Target } from './admin-call.ts'
import type { Route } from './item-call.ts'
import { errorNames } from './routes.ts'
import type { TopicPartition } from './topic-partition.ts'

const metadataApi = { request: metadataRequest, response: metadataResponse }

/** Each partition to its leader. A partition that does not exist may yet come, and is waited for. Kafka: `PartitionLeaderStrategy`. */
export const toLeader: Route<TopicPartition> = {
  async locate(call, items) {
    const topics = [...new Set([...items.values()].map(({ topic }) => topic))]
    const response = await askMetadata(call, topics)
    const found = new Map<string, Target | KafkaError>()
    for (const [name, item] of items) found.set(name, leaderOf(response, item))
    return found
  },
  movedOn: errorNames(
    'NOT_LEADER_OR_FOLLOWER',
    'LEADER_NOT_AVAILABLE',
    'FENCED_LEADER_EPOCH',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'KAFKA_STORAGE_ERROR',
    'REPLICA_NOT_AVAILABLE',
  ),
  retryOn: errorNames('UNKNOWN_LEADER_EPOCH', 'OFFSET_NOT_AVAILABLE', 'REQUEST_TIMED_OUT'),
}

/** What any node knows of topics. */
export async function askMetadata(call: AdminCall, topics: readonly string[]): Promise<MetadataResponse> {
  call.apiNameOf(metadataApi)
  const names = topics.map((name) => ({ name }))
  const node = await call.node('any')
  const { response } = await call.request(node, metadataApi, (version) =>
    version < 4 ? { topics: names } : { topics: names, allowAutoTopicCreation: false },
  )
  call.core.view.takeMetadata(response)
  return response
}

function leaderOf(response: MetadataResponse, { topic, partition }: TopicPartition): Target | KafkaError {
  const context = { topic, partition }
  const row = response.topics.find(({ name }) => name === topic)
  if (row !== undefined && row.errorCode !== 0) return KafkaError.fromCode(row.errorCode, context)
  const found = row?.partitions.find(({ partitionIndex }) => partitionIndex === partition)
  if (found === undefined) return KafkaError.fromCode(errors.UNKNOWN_TOPIC_OR_PARTITION.code, context)
  // A replica that is missing does not make the leader unknown.
  const isLost = found.errorCode !== 0 && errorByCode(found.errorCode).name !== 'REPLICA_NOT_AVAILABLE'
  if (isLost || found.leaderId < 0) return KafkaError.fromCode(errors.LEADER_NOT_AVAILABLE.code, context)
  return found.leaderId
}

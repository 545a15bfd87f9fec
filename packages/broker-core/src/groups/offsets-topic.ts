import { type ErrorName, errorByCode, errors } from '@odradek/protocol'
import { createTopics } from '@odradek/quorum'
import type { Broker } from '../broker.ts'

/** Where coordinators keep groups and committed offsets. */
export const offsetsTopic = '__consumer_offsets'

/** Makes `__consumer_offsets` with the broker's `offsets.topic.*` configs; what became of it. */
export async function createOffsetsTopic({ controller, configs, logger }: Broker): Promise<ErrorName> {
  const { broker } = configs
  const topicConfigs = {
    'cleanup.policy': 'compact',
    'compression.type': 'producer',
    'segment.bytes': String(broker.offsetsTopicSegmentBytes),
  }
  const topic = {
    name: offsetsTopic,
    numPartitions: broker.offsetsTopicNumPartitions,
    replicationFactor: broker.offsetsTopicReplicationFactor,
    assignments: [],
    configs: Object.entries(topicConfigs).map(([name, value]) => ({ name, value })),
  }
  const request = { topics: [topic], timeoutMs: 0, validateOnly: false }
  const response = await controller.run((context) => createTopics(request, context))
  const { errorCode = 0, errorMessage } = response.topics?.[0] ?? {}
  if (errorCode === 0 || errorCode === errors.TOPIC_ALREADY_EXISTS.code) return 'NONE'
  logger.warn(`${offsetsTopic} could not be created`, { error: errorByCode(errorCode)?.name, errorMessage })
  return errorByCode(errorCode)?.name ?? 'UNKNOWN_SERVER_ERROR'
}

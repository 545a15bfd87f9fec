import { errors } from '@odradek/protocol'
import { createTopics, isInternalTopic, topicNameProblem } from '@odradek/quorum'
import type { Controller } from './controller.ts'

/**
 * Makes topics that a client asked for by Metadata (`auto.create.topics.enable`), with the broker's default number of partitions
 * and replicas. Answers the error code of each topic that could not be made; internal topics are made by their coordinators.
 */
export async function autoCreateTopics(
  names: readonly string[],
  controller: Controller,
): Promise<ReadonlyMap<string, number>> {
  const results = new Map<string, number>()
  const wanted: string[] = []
  for (const name of new Set(names)) {
    if (topicNameProblem(name) !== null) results.set(name, errors.INVALID_TOPIC_EXCEPTION.code)
    else if (isInternalTopic(name)) results.set(name, errors.UNKNOWN_TOPIC_OR_PARTITION.code)
    else wanted.push(name)
  }
  if (wanted.length === 0) return results
  const topics = wanted.map((name) => ({
    name,
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [],
    configs: [],
  }))
  const request = { topics, timeoutMs: 0, validateOnly: false }
  const response = await controller.run((context) => createTopics(request, context))
  for (const { name = '', errorCode = 0 } of response.topics ?? []) {
    // Somebody else was quicker; too few brokers may be a matter of time.
    if (errorCode === 0 || errorCode === errors.TOPIC_ALREADY_EXISTS.code) continue
    const retry =
      errorCode === errors.INVALID_REPLICATION_FACTOR.code ? errorCode : errors.UNKNOWN_TOPIC_OR_PARTITION.code
    results.set(name, errorCode === errors.INVALID_TOPIC_EXCEPTION.code ? errorCode : retry)
  }
  return results
}

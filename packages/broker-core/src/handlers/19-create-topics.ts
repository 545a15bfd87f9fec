import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicsRequest,
  createTopicsResponse,
} from '@odradek/protocol/messages'
import { createTopics as createTopicsOperation } from '@odradek/quorum'
import { describeTopicConfigs } from '../config/describe-configs.ts'
import { defineHandler } from '../handler.ts'

/**
 * CreateTopics, versions 2 to 7 (effective configs since 5, KIP-525; topic ids since 7, KIP-516). Answered when the topics are in
 * the committed metadata and their partitions take records.
 */
export const createTopics = defineHandler<CreateTopicsRequest, CreateTopicsResponse>({
  request: createTopicsRequest,
  response: createTopicsResponse,
  async handle(request, { broker, apiVersion }) {
    const response = await broker.controller.run((controller) => createTopicsOperation(request, controller))
    if (apiVersion < 5) return response
    const topics = (response.topics ?? []).map((topic) => {
      if (topic.errorCode) return topic
      const requested = request.topics.find((candidate) => candidate.name === topic.name)
      const overrides = new Map(requested?.configs.map((config) => [config.name, config.value ?? '']))
      const configs = describeTopicConfigs(overrides, broker.configs.layers)
        .map(({ name, value, readOnly, configSource, isSensitive }) => {
          return { name, value, readOnly, configSource, isSensitive }
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      return { ...topic, configs }
    })
    return { ...response, topics }
  },
})

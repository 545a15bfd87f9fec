import { errors } from '@odradek/protocol'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopicsRequest,
  deleteTopicsResponse,
} from '@odradek/protocol/messages'
import { deleteTopics as deleteTopicsOperation } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'

/** DeleteTopics, versions 1 to 6 (by topic id since 6, KIP-516). `delete.topic.enable=false` refuses every topic. */
export const deleteTopics = defineHandler<DeleteTopicsRequest, DeleteTopicsResponse>({
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  handle(request, { broker, apiVersion }) {
    if (broker.configs.broker.deleteTopicEnable) {
      return broker.controller.run((controller) => deleteTopicsOperation(request, controller))
    }
    const error = apiVersion < 3 ? errors.INVALID_REQUEST : errors.TOPIC_DELETION_DISABLED
    const named = [...request.topicNames.map((name) => ({ name })), ...request.topics]
    return { responses: named.map((topic) => ({ ...topic, errorCode: error.code })) }
  },
})

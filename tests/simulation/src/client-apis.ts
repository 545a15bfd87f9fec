import {
  createTopicsRequest,
  createTopicsResponse,
  describeConfigsRequest,
  describeConfigsResponse,
  fetchRequest,
  fetchResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  initProducerIdRequest,
  initProducerIdResponse,
  metadataRequest,
  metadataResponse,
  produceRequest,
  produceResponse,
} from '@odradek/protocol/messages'

/** The APIs that the clients use, each in one version; Produce and Fetch in the last one that names topics. */
export const apis = {
  produce: { request: produceRequest, response: produceResponse, version: 12 },
  fetch: { request: fetchRequest, response: fetchResponse, version: 12 },
  metadata: { request: metadataRequest, response: metadataResponse, version: 12 },
  createTopics: { request: createTopicsRequest, response: createTopicsResponse, version: 7 },
  initProducerId: { request: initProducerIdRequest, response: initProducerIdResponse, version: 4 },
  describeConfigs: { request: describeConfigsRequest, response: describeConfigsResponse, version: 4 },
  incrementalAlterConfigs: {
    request: incrementalAlterConfigsRequest,
    response: incrementalAlterConfigsResponse,
    version: 1,
  },
} as const

import { errors, type Input } from '@odradek/protocol'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsRequestResource,
  type DescribeConfigsResponse,
  type DescribeConfigsResponseResult,
  describeConfigsRequest,
  describeConfigsResponse,
} from '@odradek/protocol/messages'
import { configResourceTypes, topicNameProblem } from '@odradek/quorum'
import type { Broker } from '../broker.ts'
import {
  type DescribedConfig,
  describeBrokerConfigs,
  describeClientMetricsConfigs,
  describeDefaultBrokerConfigs,
  describeGroupConfigs,
  describeTopicConfigs,
} from '../config/describe-configs.ts'
import { defineHandler } from '../handler.ts'

/** DescribeConfigs, versions 1 to 4 (sources and synonyms, KIP-226; types and documentation since 3, KIP-569). */
export const describeConfigs = defineHandler<DescribeConfigsRequest, DescribeConfigsResponse>({
  request: describeConfigsRequest,
  response: describeConfigsResponse,
  handle(request, { broker }) {
    return { results: request.resources.map((resource) => resultOf(resource, request, broker)) }
  },
})

type Described = readonly DescribedConfig[] | { readonly errorCode: number; readonly errorMessage: string }

function resultOf(
  resource: DescribeConfigsRequestResource,
  request: DescribeConfigsRequest,
  broker: Broker,
): Input<DescribeConfigsResponseResult> {
  const { resourceType, resourceName, configurationKeys } = resource
  const described = describe(resource, broker)
  if ('errorCode' in described) return { ...described, resourceType, resourceName }
  const configs = described
    .filter(
      ({ name }) => configurationKeys === null || configurationKeys.length === 0 || configurationKeys.includes(name),
    )
    .map(({ synonyms, documentation, ...config }) => ({
      ...config,
      synonyms: request.includeSynonyms ? synonyms : [],
      documentation: request.includeDocumentation ? documentation : null,
    }))
  return { resourceType, resourceName, configs }
}

function describe({ resourceType, resourceName: name }: DescribeConfigsRequestResource, broker: Broker): Described {
  const { image } = broker.metadata
  const { layers } = broker.configs
  const overrides = image.configs.of({ type: resourceType, name })
  switch (resourceType) {
    case configResourceTypes.TOPIC: {
      const problem = topicNameProblem(name)
      if (problem !== null) return failure(errors.INVALID_TOPIC_EXCEPTION.code, problem)
      if (image.topics.byName(name) !== undefined) return describeTopicConfigs(overrides, layers)
      return failure(errors.UNKNOWN_TOPIC_OR_PARTITION.code, errors.UNKNOWN_TOPIC_OR_PARTITION.message)
    }
    case configResourceTypes.BROKER:
      if (name === '') return describeDefaultBrokerConfigs(layers)
      if (name === String(broker.nodeId)) return describeBrokerConfigs(layers)
      if (!/^[+-]?\d+$/.test(name)) {
        return failure(errors.INVALID_REQUEST.code, `Broker id must be an integer, but it is: ${name}`)
      }
      return failure(
        errors.INVALID_REQUEST.code,
        `Unexpected broker id, expected ${broker.nodeId} or empty string, but received ${name}`,
      )
    case configResourceTypes.BROKER_LOGGER:
      return failure(errors.INVALID_REQUEST.code, 'Odradek has no loggers whose level can be read or set at run time')
    case configResourceTypes.CLIENT_METRICS:
      if (name === '') return failure(errors.INVALID_REQUEST.code, 'Client metrics subscription name must not be empty')
      return describeClientMetricsConfigs(overrides)
    case configResourceTypes.GROUP:
      if (name === '') return failure(errors.INVALID_REQUEST.code, 'Group name must not be empty')
      return describeGroupConfigs(overrides, layers)
    default:
      return failure(errors.INVALID_REQUEST.code, `Unsupported resource type: ${resourceType}`)
  }
}

function failure(errorCode: number, errorMessage: string): Described {
  return { errorCode, errorMessage }
}

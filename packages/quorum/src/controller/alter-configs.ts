import { errors, type Input } from '@odradek/protocol'
import type {
  AlterConfigsRequest,
  AlterConfigsRequestResource,
  AlterConfigsResponse,
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsRequestAlterConfigsResource,
  IncrementalAlterConfigsResponse,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { type ConfigResource, configResourceTypes } from '../image/configs-image.ts'
import { type ApiError, type ControllerContext, type ControllerResult, noError } from './operation.ts'
import { topicNameProblem } from './topic-name.ts'

/** AlterConfigOp of KIP-339. */
const operations = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const
const operationNames = ['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const

/** A length field of a record holds a signed 16-bit number in the oldest version. */
const maxValueLength = 32_767

type Values = ReadonlyMap<string, string>

/** IncrementalAlterConfigs (KIP-339): each resource changes wholly or not at all. */
export function incrementalAlterConfigs(
  request: IncrementalAlterConfigsRequest,
  context: ControllerContext,
): ControllerResult<Input<IncrementalAlterConfigsResponse>> {
  return alterResources(request, context, (resource) => incremented(resource, context))
}

/** AlterConfigs, which replaces everything a resource overrides; deprecated since KIP-339 and still served. */
export function legacyAlterConfigs(
  request: AlterConfigsRequest,
  context: ControllerContext,
): ControllerResult<Input<AlterConfigsResponse>> {
  return alterResources(request, context, replaced)
}

interface RequestedResource {
  readonly resourceType: number
  readonly resourceName: string
}

function alterResources<Resource extends RequestedResource>(
  request: { readonly resources: readonly Resource[]; readonly validateOnly: boolean },
  context: ControllerContext,
  newValues: (resource: Resource) => Values | ApiError,
) {
  const records: MetadataRecord[] = []
  const counts = new Map<string, number>()
  const keyOf = (resource: Resource) => `${resource.resourceType}:${resource.resourceName}`
  for (const resource of request.resources) counts.set(keyOf(resource), (counts.get(keyOf(resource)) ?? 0) + 1)
  const responses = [...counts].map(([key, count]) => {
    const resource = request.resources.find((candidate) => keyOf(candidate) === key)!
    const { resourceType, resourceName } = resource
    const changed = count > 1 ? invalidRequest('Duplicate resource.') : alterResource(resource, newValues, context)
    if ('errorCode' in changed) return { resourceType, resourceName, ...changed }
    if (!request.validateOnly) records.push(...changed.records)
    return { resourceType, resourceName, ...noError }
  })
  return { records, response: { responses } }
}

function alterResource<Resource extends RequestedResource>(
  requested: Resource,
  newValues: (resource: Resource) => Values | ApiError,
  context: ControllerContext,
): { readonly records: readonly MetadataRecord[] } | ApiError {
  const resource = { type: requested.resourceType, name: requested.resourceName }
  const missing = resourceProblem(resource, context)
  if (missing !== null) return missing
  const values = newValues(requested)
  if ('errorCode' in values) return values
  const present = context.image.configs.of(resource)
  const problem = valuesProblem(resource, { present, values }, context)
  if (problem !== null) return problem
  const records: MetadataRecord[] = []
  for (const name of new Set([...values.keys(), ...present.keys()])) {
    const value = values.get(name) ?? null
    if (value === (present.get(name) ?? null)) continue
    const record = { resourceType: resource.type, resourceName: resource.name, name, value }
    records.push({ type: 'ConfigRecord', version: 0, record })
  }
  return { records }
}

/** Why a resource cannot have configs: a topic or broker has to exist; groups and client metrics need not. */
function resourceProblem(resource: ConfigResource, context: ControllerContext): ApiError | null {
  switch (resource.type) {
    case configResourceTypes.TOPIC: {
      if (context.image.topics.byName(resource.name) !== undefined) return null
      return missingTopic(resource.name)
    }
    case configResourceTypes.BROKER: {
      if (resource.name === '') return null
      const id = Number(resource.name)
      if (!Number.isInteger(id) || id < 0) return invalidRequest(`Invalid broker name ${resource.name}`)
      if (context.image.cluster.broker(id) ?? context.image.cluster.controller(id)) return null
      return { errorCode: errors.BROKER_ID_NOT_REGISTERED.code, errorMessage: `No node with id ${id} found.` }
    }
    case configResourceTypes.CLIENT_METRICS:
      return resource.name === '' ? invalidRequest("Subscription name can't be empty") : null
    case configResourceTypes.GROUP:
      return resource.name === '' ? invalidRequest('Default group resources are not allowed.') : null
    default:
      return invalidRequest(`Unexpected resource type ${resource.type}.`)
  }
}

function missingTopic(name: string): ApiError {
  if (name === '') return invalidRequest('Default topic resources are not allowed.')
  const problem = topicNameProblem(name)
  if (problem !== null) return { errorCode: errors.INVALID_TOPIC_EXCEPTION.code, errorMessage: problem }
  return { errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION.code, errorMessage: `The topic '${name}' does not exist.` }
}

function valuesProblem(
  resource: ConfigResource,
  change: { readonly present: Values; readonly values: Values },
  context: ControllerContext,
): ApiError | null {
  const { present, values } = change
  for (const value of values.values()) {
    if (value.length > maxValueLength) {
      return invalidConfig(
        `The configuration value cannot be added because it exceeds the maximum value size of ${maxValueLength} bytes.`,
      )
    }
  }
  if (resource.type === configResourceTypes.BROKER && isElrEnabled(context)) {
    const before = present.get('min.insync.replicas')
    const after = values.get('min.insync.replicas')
    if (resource.name !== '' && before !== after) {
      return invalidConfig('Broker-level min.insync.replicas cannot be altered while ELR is enabled.')
    }
    if (resource.name === '' && before !== undefined && after === undefined) {
      return invalidConfig('Cluster-level min.insync.replicas cannot be removed while ELR is enabled.')
    }
  }
  return context.validateConfigs(resource.type, resource.name, values)
}

function isElrEnabled(context: ControllerContext): boolean {
  return context.image.features.level('eligible.leader.replicas.version') > 0
}

function replaced(resource: AlterConfigsRequestResource): Values | ApiError {
  const nulls = resource.configs.filter((config) => config.value === null).map((config) => config.name)
  if (nulls.length > 0) return invalidRequest(`Null value not supported for : ${nulls.join(',')}`)
  if (hasDuplicates(resource.configs)) return invalidRequest('Error due to duplicate config keys')
  return new Map(resource.configs.map((config) => [config.name, config.value ?? '']))
}

function incremented(
  resource: IncrementalAlterConfigsRequestAlterConfigsResource,
  context: ControllerContext,
): Values | ApiError {
  if (hasDuplicates(resource.configs)) return invalidRequest('Error due to duplicate config keys')
  const nulls = resource.configs.filter(
    (config) => config.configOperation !== operations.DELETE && config.value === null,
  )
  if (nulls.length > 0) {
    return invalidRequest(`Null value not supported for : ${nulls.map((config) => config.name).join(',')}`)
  }
  const { resourceType: type, resourceName: name } = resource
  const values = new Map(context.image.configs.of({ type, name }))
  for (const config of resource.configs) {
    const problem = apply(config, { type, name, values }, context)
    if (problem !== null) return problem
  }
  return values
}

function apply(
  config: { readonly name: string; readonly configOperation: number; readonly value: string | null },
  target: ConfigResource & { readonly values: Map<string, string> },
  context: ControllerContext,
): ApiError | null {
  const { values } = target
  const value = config.value ?? ''
  switch (config.configOperation) {
    case operations.SET:
      values.set(config.name, value)
      return null
    case operations.DELETE:
      values.delete(config.name)
      return null
    case operations.APPEND:
    case operations.SUBTRACT: {
      const operationName = operationNames[config.configOperation]!
      if (!context.isListConfig(target.type, config.name)) {
        return invalidConfig(`Can't ${operationName} to key ${config.name} because its type is not LIST.`)
      }
      const present = values.get(config.name) ?? context.defaultConfigValue(target.type, config.name) ?? ''
      const list = present.split(',').filter((item) => item !== '')
      const given = value.split(',').map((item) => item.trim())
      const changed =
        operationName === 'APPEND'
          ? [...list, ...given.filter((item) => !list.includes(item))]
          : list.filter((item) => !given.includes(item))
      values.set(config.name, changed.join(','))
      return null
    }
    default:
      return invalidRequest(`Unknown operation type ${config.configOperation}`)
  }
}

function hasDuplicates(configs: readonly { readonly name: string }[]): boolean {
  return new Set(configs.map((config) => config.name)).size < configs.length
}

function invalidConfig(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_CONFIG.code, errorMessage }
}

function invalidRequest(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_REQUEST.code, errorMessage }
}

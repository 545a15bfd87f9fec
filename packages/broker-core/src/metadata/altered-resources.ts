import { errors, type Input } from '@odradek/protocol'
import { type ApiError, configResourceTypes } from '@odradek/quorum'
import type { Broker } from '../broker.ts'
import { brokerListProblem, validateDynamicBrokerConfigs } from '../config/dynamic-broker-config.ts'
import { defaultConfigValue } from '../config/resource-configs.ts'

/** One config of AlterConfigs or IncrementalAlterConfigs; without an operation it is set. */
export interface AlteredConfig {
  readonly name: string
  readonly value: string | null
  readonly configOperation?: number
}

/** One resource of AlterConfigs or IncrementalAlterConfigs. */
export interface AlteredResource {
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly AlteredConfig[]
}

/** The answer to one resource. */
export interface AlteredResourceResult extends ApiError {
  readonly resourceType: number
  readonly resourceName: string
}

/** AlterConfigOp of KIP-339. */
const operations = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const

/**
 * Lets the controller alter what the broker the request came to has nothing against (Kafka's `ConfigAdminManager`): the configs of
 * a broker are checked by that broker, which knows its file and what may change at run time; loggers are its own business. Answers
 * every resource of the request, in its order.
 */
export async function alterResources<Resource extends AlteredResource>(
  resources: readonly Resource[],
  broker: Broker,
  alter: (accepted: Resource[]) => Promise<{ readonly responses?: readonly Input<ApiError>[] | undefined }>,
): Promise<AlteredResourceResult[]> {
  const problems = new Map(resources.map((resource) => [resource, problemOf(resource, resources, broker)]))
  const accepted = resources.filter((resource) => problems.get(resource) === null)
  const { responses = [] } = accepted.length === 0 ? {} : await alter(accepted)
  let next = 0
  return resources.map((resource) => {
    const { resourceType, resourceName } = resource
    const problem = problems.get(resource) ?? responses[next++] ?? {}
    const { errorCode = 0, errorMessage = null } = problem
    return { errorCode, errorMessage, resourceType, resourceName }
  })
}

function problemOf(resource: AlteredResource, all: readonly AlteredResource[], broker: Broker): ApiError | null {
  const { resourceType, resourceName, configs } = resource
  const isSame = (other: AlteredResource) => other.resourceType === resourceType && other.resourceName === resourceName
  if (all.filter(isSame).length > 1) return invalidRequest('Each resource must appear at most once.')
  if (new Set(configs.map(({ name }) => name)).size < configs.length) {
    return invalidRequest('Error due to duplicate config keys')
  }
  const nulls = configs.filter(({ value, configOperation }) => value === null && configOperation !== operations.DELETE)
  if (nulls.length > 0) {
    return invalidRequest(`Null value not supported for : ${nulls.map(({ name }) => name).join(', ')}`)
  }
  const isIncremental = configs.some(({ configOperation }) => configOperation !== undefined)
  switch (resourceType) {
    case configResourceTypes.BROKER:
      return otherNode(resourceName, broker) ?? brokerProblem(resource, broker)
    case configResourceTypes.BROKER_LOGGER:
      if (!isIncremental) return invalidRequest(`Unknown resource type ${resourceType}`)
      return otherLoggerNode(resourceName, broker) ?? loggerProblem(configs)
    case configResourceTypes.TOPIC:
    case configResourceTypes.CLIENT_METRICS:
    case configResourceTypes.GROUP:
      return null
    default:
      return invalidRequest(`Unknown resource type ${resourceType}`)
  }
}

/** A broker answers for itself and, by the empty name, for what all brokers share. */
function otherNode(name: string, { nodeId }: Broker): ApiError | null {
  if (name === '' || name === String(nodeId)) return null
  if (!/^[+-]?\d+$/.test(name)) return invalidRequest(`Node id must be an integer, but it is: ${name}`)
  return invalidRequest(`Unexpected broker id, expected ${nodeId}, but received ${name}`)
}

function otherLoggerNode(name: string, { nodeId }: Broker): ApiError | null {
  if (name === String(nodeId)) return null
  if (!/^[+-]?\d+$/.test(name)) return invalidRequest(`Node id must be an integer, but it is: ${name}`)
  return invalidRequest(`Unexpected node id. Expected ${nodeId}, but received ${name}`)
}

/** There are no loggers whose level can be set at run time. */
function loggerProblem([first]: readonly AlteredConfig[]): ApiError | null {
  if (first === undefined) return null
  return { errorCode: errors.INVALID_CONFIG.code, errorMessage: `Logger ${first.name} does not exist!` }
}

function brokerProblem(resource: AlteredResource, broker: Broker): ApiError | null {
  const values = valuesAfter(resource, broker)
  if ('errorCode' in values) return values
  const { resourceType: type, resourceName: name } = resource
  const problemWith = (overrides: ReadonlyMap<string, string>) =>
    validateDynamicBrokerConfigs(name, overrides, broker.configs.layers)
  const problem = problemWith(values)
  if (problem === undefined) return null
  // What is wrong already (an embedded broker needs no listeners in its config) is not the fault of the change.
  if (problemWith(broker.metadata.image.configs.of({ type, name }))?.message === problem.message) return null
  return { errorCode: errors[problem.error].code, errorMessage: problem.message }
}

/** What the broker (or all of them) would override; AlterConfigs replaces everything, its configs have no operation. */
function valuesAfter(resource: AlteredResource, broker: Broker): ReadonlyMap<string, string> | ApiError {
  const { resourceType: type, resourceName: name, configs } = resource
  const isIncremental = configs.some(({ configOperation }) => configOperation !== undefined)
  const values = new Map(isIncremental ? broker.metadata.image.configs.of({ type, name }) : [])
  for (const config of configs) {
    const value = config.value ?? ''
    switch (config.configOperation ?? operations.SET) {
      case operations.SET:
        values.set(config.name, value)
        break
      case operations.DELETE:
        values.delete(config.name)
        break
      case operations.APPEND:
      case operations.SUBTRACT: {
        const isAppend = config.configOperation === operations.APPEND
        const problem = brokerListProblem(config.name, isAppend ? 'append' : 'subtract')
        if (problem !== undefined) return { errorCode: errors.INVALID_CONFIG.code, errorMessage: problem }
        const present = values.get(config.name) ?? defaultConfigValue(type, config.name, broker.configs.layers) ?? ''
        values.set(config.name, changedList(present, value, isAppend))
        break
      }
      default:
        return invalidRequest(`Unknown operations type ${config.configOperation}`)
    }
  }
  return values
}

function changedList(present: string, given: string, isAppend: boolean): string {
  const list = present.split(',').filter((item) => item !== '')
  const items = given.split(',').map((item) => item.trim())
  const kept = isAppend ? list : list.filter((item) => !items.includes(item))
  return [...kept, ...(isAppend ? items.filter((item) => !list.includes(item)) : [])].join(',')
}

function invalidRequest(errorMessage: string): ApiError {
  return { errorCode: errors.INVALID_REQUEST.code, errorMessage }
}

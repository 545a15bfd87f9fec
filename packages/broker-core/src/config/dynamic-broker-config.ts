/** Which broker configs can be altered at run time, and to what (KIP-226). */
import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigProblem } from './broker-config-rules.ts'
import { alterableBrokerConfigs, brokerConfigRow, withoutListenerPrefix } from './broker-configs.ts'
import { ConfigError, configErrorIn } from './config-error.ts'
import { rowOf } from './config-table.ts'
import { parseConfigValue } from './config-value.ts'
import type { ConfigOverrides } from './topic-config.ts'

const listenerOnly =
  /^ssl\.(key\.password|(keystore|truststore)\.(certificate\.chain|certificates|key|location|password|type))$/

/**
 * Checks all that is to be set for a broker (`scope` is its id) or for all of them (`scope` is ''). Names Kafka does not
 * know are allowed, they may belong to a plugin. The error belongs to INVALID_REQUEST.
 */
export function validateDynamicBrokerConfigs(
  scope: string,
  values: ConfigOverrides,
  layers: BrokerConfigLayers,
): ConfigError | undefined {
  const names = [...values.keys()]
  const refused = (message: string, found: readonly string[]) =>
    found.length === 0
      ? undefined
      : new ConfigError(`${message}: [${found.join(', ')}]`, { configName: found[0]!, error: 'INVALID_REQUEST' })
  const fixed = names.filter((name) => rowOf(alterableBrokerConfigs, name)?.update === 'read-only')
  const needsListener = names.filter((name) => listenerOnly.test(name))
  const ofOneBroker = names.filter(
    (name) => withoutListenerPrefix(name) === undefined && brokerConfigRow(name)?.update === 'per-broker',
  )
  return (
    refused('Cannot update these configs dynamically', fixed) ??
    refused(
      'These security configs can be dynamically updated only per-listener using the listener prefix',
      needsListener,
    ) ??
    asInvalidRequest(typeProblem(values)) ??
    (scope === ''
      ? refused('Cannot update these configs at default cluster level, broker id must be specified', ofOneBroker)
      : undefined) ??
    asInvalidRequest(
      brokerConfigProblem(scope === '' ? { ...layers, dynamicDefault: values } : { ...layers, dynamicBroker: values }),
    )
  )
}

/** Kafka's message when something is appended to or subtracted from a broker config that is not a list. */
export function brokerListProblem(name: string, operation: 'append' | 'subtract'): string | undefined {
  const row = brokerConfigRow(name)
  if (row === undefined) return `Unknown config name: ${name}`
  return row.type === 'LIST' ? undefined : `Config value ${operation} is not allowed for config key: ${name}`
}

function typeProblem(values: ConfigOverrides): ConfigError | undefined {
  return configErrorIn(() => {
    for (const [name, text] of values) {
      const row = brokerConfigRow(name)
      if (row !== undefined) parseConfigValue(name, row, text)
    }
  })
}

function asInvalidRequest(found: ConfigError | undefined): ConfigError | undefined {
  if (found === undefined) return undefined
  const { configName, value } = found
  return new ConfigError(found.message, {
    error: 'INVALID_REQUEST',
    ...(configName === undefined ? {} : { configName }),
    ...(value === undefined ? {} : { value }),
  })
}

import {
  type ClientEvents,
  type ClientPorts,
  ConfigError,
  type ConfigOptions,
  ConfigTable,
  type ConfigValues,
  type ParsedConfig,
  portOptions,
} from '@odradek/client'
import type { Hooks, Logger } from '@odradek/runtime'
import type { ProducerEvents } from '../producer-events.ts'
import { producerConfigs } from './producer-configs.ts'

/** The configs of the producer as a table: parser, types and documentation. */
export const producerConfigTable = /* @__PURE__ */ new ConfigTable(producerConfigs, portOptions)

/** What the producer reads. */
export type ProducerConfig = ConfigValues<typeof producerConfigs>

/** What a producer is made with: Kafka's configs in camelCase, and the ports where they are not to be those of Node. */
export type ProducerOptions = ConfigOptions<typeof producerConfigs> &
  Partial<ClientPorts> & { readonly hooks?: Hooks<ProducerEvents> }

/** Events of connections are among those of the producer. */
export function clientHooks(hooks: Hooks<ProducerEvents>): Hooks<ClientEvents> {
  return hooks as unknown as Hooks<ClientEvents>
}

const mostInFlightWithIdempotence = 5

/** Reads options. What contradicts an option that was not given by name gives way, with a warning. @throws ConfigError */
export function parseProducerConfig(options: object, logger: Logger): ProducerConfig {
  const parsed = producerConfigTable.parse(options)
  return { ...parsed.values, ...idempotenceOf(parsed, logger), ...deliveryTimeoutOf(parsed, logger) }
}

/**
 * Idempotence needs acks=all, retries, and at most five requests in flight. When it was not asked for by name, a setting against it turns
 * it off; when it was, that is an error. Kafka: `postProcessAndValidateIdempotenceConfigs`.
 */
function idempotenceOf(
  { values, isSet }: ParsedConfig<typeof producerConfigs>,
  logger: Logger,
): Pick<ProducerConfig, 'enableIdempotence'> {
  if (!values.enableIdempotence) return { enableIdempotence: false }
  const most = mostInFlightWithIdempotence
  const contradictions = [
    values.retries === 0 ? 'retries has to be more than 0, got 0' : undefined,
    values.acks === -1 ? undefined : `acks has to be all, got ${values.acks}`,
    values.maxInFlightRequestsPerConnection > most
      ? `maxInFlightRequestsPerConnection has to be at most ${most}, got ${values.maxInFlightRequestsPerConnection}`
      : undefined,
  ].filter((text) => text !== undefined)
  if (contradictions.length === 0) return { enableIdempotence: true }
  const why = contradictions.join('; ')
  if (isSet('enableIdempotence')) throw new ConfigError(`enableIdempotence is true, for which ${why}`)
  logger.warn('idempotence is off, because other options exclude it', { why })
  return { enableIdempotence: false }
}

/** `delivery.timeout.ms` covers at least one attempt. Kafka: `configureDeliveryTimeout`. */
function deliveryTimeoutOf(
  { values, isSet }: ParsedConfig<typeof producerConfigs>,
  logger: Logger,
): Pick<ProducerConfig, 'deliveryTimeoutMs'> {
  const least = values.lingerMs + values.requestTimeoutMs
  if (values.deliveryTimeoutMs >= least) return { deliveryTimeoutMs: values.deliveryTimeoutMs }
  if (isSet('deliveryTimeoutMs')) {
    throw new ConfigError(
      `deliveryTimeoutMs has to be at least lingerMs + requestTimeoutMs, ${least}, got ${values.deliveryTimeoutMs}`,
    )
  }
  logger.warn('deliveryTimeoutMs was raised to lingerMs + requestTimeoutMs', { deliveryTimeoutMs: least })
  return { deliveryTimeoutMs: least }
}

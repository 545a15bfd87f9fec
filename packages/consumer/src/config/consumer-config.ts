import {
  type ClientEvents,
  type ClientPorts,
  ConfigError,
  type ConfigOptions,
  ConfigTable,
  type ConfigValues,
  type Deserializer,
  type ParsedConfig,
  portOptions,
  type Serde,
  type StandardSchema,
  type Topic,
} from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerEvents } from '../consumer-events.ts'
import { consumerConfigs } from './consumer-configs.ts'

/** The configs of the consumer as a table: parser, types and documentation. */
export const consumerConfigTable = /* @__PURE__ */ new ConfigTable(consumerConfigs, [...portOptions, 'topics'])

/** What the consumer reads. */
export type ConsumerConfig = ConfigValues<typeof consumerConfigs>

/** How one part of the records is read into a `T`. */
export type DeserializerOf<T> = Deserializer<T> | Serde<never, T> | StandardSchema<unknown, T>

/**
 * What a consumer is made with: Kafka's configs in camelCase, `topics` made by `defineTopic` whose codecs read their records, and the
 * ports where they are not to be those of Node.
 */
export type ConsumerOptions<Key = Uint8Array, Value = Uint8Array> = Omit<
  ConfigOptions<typeof consumerConfigs>,
  'keyDeserializer' | 'valueDeserializer'
> &
  Partial<ClientPorts> & {
    readonly hooks?: Hooks<ConsumerEvents>
    readonly keyDeserializer?: DeserializerOf<Key> | null | undefined
    readonly valueDeserializer?: DeserializerOf<Value> | null | undefined
    readonly topics?: readonly Topic<never, never, Key, Value>[] | undefined
  }

/** Events of connections are among those of the consumer. */
export function clientHooks(hooks: Hooks<ConsumerEvents>): Hooks<ClientEvents> {
  return hooks as unknown as Hooks<ClientEvents>
}

/** Reads options. @throws ConfigError */
export function parseConsumerConfig(options: object): ConsumerConfig {
  const parsed = consumerConfigTable.parse(options)
  refuseOtherProtocol(parsed)
  const { values } = parsed
  if (values.groupProtocol !== 'consumer' && values.heartbeatIntervalMs >= values.sessionTimeoutMs) {
    throw new ConfigError(
      `heartbeatIntervalMs has to be below sessionTimeoutMs, ${values.sessionTimeoutMs}, got ${values.heartbeatIntervalMs}`,
    )
  }
  return { ...values, enableAutoCommit: autoCommitOf(parsed) }
}

const onlyOfOne: Readonly<Record<string, readonly (keyof ConsumerConfig)[]>> = {
  classic: ['groupRemoteAssignor'],
  consumer: ['partitionAssignmentStrategy', 'heartbeatIntervalMs', 'sessionTimeoutMs'],
}

/** What belongs to the other protocol is an error when it was given by name. Kafka: `checkUnsupportedConfigsPostProcess`. */
function refuseOtherProtocol({ values, isSet }: ParsedConfig<typeof consumerConfigs>): void {
  const wrong = (onlyOfOne[values.groupProtocol] ?? []).find((option) => isSet(option) && values[option] !== null)
  if (wrong !== undefined) throw new ConfigError(`${wrong} cannot be set when groupProtocol is ${values.groupProtocol}`)
}

/** Without a group nothing is committed, and to ask for it by name is an error. Kafka: `maybeOverrideEnableAutoCommit`. */
function autoCommitOf({ values, isSet }: ParsedConfig<typeof consumerConfigs>): boolean {
  if (values.groupId !== null || !values.enableAutoCommit) return values.enableAutoCommit
  if (isSet('enableAutoCommit')) throw new ConfigError('enableAutoCommit is true, for which groupId has to be given')
  return false
}

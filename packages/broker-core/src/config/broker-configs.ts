import { dynamicOnlyConfigs } from './broker/dynamic-only-configs.ts'
import { groupCoordinatorConfigs } from './broker/group-coordinator-configs.ts'
import { logConfigs } from './broker/log-configs.ts'
import { metricsAndQuotaConfigs } from './broker/metrics-and-quota-configs.ts'
import { nodeConfigs } from './broker/node-configs.ts'
import { oauthbearerConfigs } from './broker/oauthbearer-configs.ts'
import { quorumConfigs } from './broker/quorum-configs.ts'
import { remoteLogConfigs } from './broker/remote-log-configs.ts'
import { replicationConfigs } from './broker/replication-configs.ts'
import { saslConfigs } from './broker/sasl-configs.ts'
import { shareGroupConfigs } from './broker/share-group-configs.ts'
import { socketConfigs } from './broker/socket-configs.ts'
import { sslConfigs } from './broker/ssl-configs.ts'
import { streamsGroupConfigs } from './broker/streams-group-configs.ts'
import { transactionConfigs } from './broker/transaction-configs.ts'
import type { ConfigRow, ConfigTable } from './config-row.ts'
import type { ConfigValues } from './config-table.ts'
import { rowOf } from './config-table.ts'

/** Every broker config of Kafka 4.4, by dotted name. */
export const brokerConfigs = {
  ...nodeConfigs,
  ...socketConfigs,
  ...logConfigs,
  ...replicationConfigs,
  ...quorumConfigs,
  ...groupCoordinatorConfigs,
  ...shareGroupConfigs,
  ...streamsGroupConfigs,
  ...transactionConfigs,
  ...sslConfigs,
  ...saslConfigs,
  ...oauthbearerConfigs,
  ...remoteLogConfigs,
  ...metricsAndQuotaConfigs,
}

/**
 * The broker's configs, parsed: `log.retention.ms` is `logRetentionMs`. Milliseconds and bytes are numbers; what Kafka
 * writes as 9223372036854775807 is `Infinity`.
 */
export interface BrokerConfig extends ConfigValues<typeof brokerConfigs> {}

/** What a dynamic broker config may be named: everything in a file, and the quotas that exist only at run time. */
export const alterableBrokerConfigs: ConfigTable = { ...brokerConfigs, ...dynamicOnlyConfigs }

/** Splits `listener.name.<listener>.<rest>`; undefined for any other name. */
export function withoutListenerPrefix(name: string): string | undefined {
  return /^listener\.name\.[^.]*\.(.+)$/.exec(name)?.[1]
}

/**
 * The row behind a broker config's name, which may carry a listener (`listener.name.internal.ssl.key.password`) and a
 * SASL mechanism (`listener.name.internal.plain.sasl.jaas.config`). Undefined for names Kafka does not know.
 */
export function brokerConfigRow(name: string): ConfigRow | undefined {
  const own = rowOf(alterableBrokerConfigs, name)
  if (own !== undefined) return own
  const rest = withoutListenerPrefix(name)
  if (rest === undefined) return undefined
  return rowOf(alterableBrokerConfigs, rest) ?? rowOf(alterableBrokerConfigs, rest.slice(rest.indexOf('.') + 1))
}

const chains = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
]

/** The names that say the same as `name`, the strongest first (`log.retention.ms`, `.minutes`, `.hours`). */
export function brokerSynonyms(name: string): readonly string[] {
  const chain = chains.find((names) => names.includes(name))
  if (chain !== undefined) return chain
  if (name === 'log.flush.interval.ms') return [name, 'log.flush.scheduler.interval.ms']
  const rest = withoutListenerPrefix(name)
  return rest === undefined ? [name] : [name, rest]
}

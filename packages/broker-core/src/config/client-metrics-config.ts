import { clientMetricsConfigs } from './client-metrics-configs.ts'
import { ConfigError, configErrorIn } from './config-error.ts'
import type { ConfigValues } from './config-table.ts'
import { parseConfigs, rowOf } from './config-table.ts'
import type { ConfigOverrides } from './topic-config.ts'

/** A client metrics subscription (KIP-714), parsed. */
export interface ClientMetricsConfig extends ConfigValues<typeof clientMetricsConfigs> {}

/** What a client can be selected by in `match`. */
export const clientMetricsSelectors = [
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
] as const

/** The configs that hold for a subscription. Throws ConfigError. */
export function clientMetricsConfigOf(overrides: ConfigOverrides): ClientMetricsConfig {
  return parseConfigs(clientMetricsConfigs, (name) => overrides.get(name))
}

/** `match` as pairs of selector and pattern; a pattern matches a whole value. Throws ConfigError. */
export function clientMatchersOf(match: readonly string[]): { readonly selector: string; readonly pattern: RegExp }[] {
  return match.map((entry) => {
    const refuse = () => new ConfigError(`Illegal client matching pattern: ${entry}`, { configName: 'match' })
    const parts = entry.split('=')
    const selector = parts[0]!.trim()
    if (parts.length !== 2 || !clientMetricsSelectors.some((known) => known === selector)) throw refuse()
    try {
      return { selector, pattern: new RegExp(`^(?:${parts[1]!.trim()})$`) }
    } catch {
      throw refuse()
    }
  })
}

/** Checks what a subscription is to set. */
export function validateClientMetricsConfigs(overrides: ConfigOverrides): ConfigError | undefined {
  const error = 'INVALID_REQUEST'
  const stranger = [...overrides.keys()].find((name) => rowOf(clientMetricsConfigs, name) === undefined)
  if (stranger !== undefined)
    return new ConfigError(`Unknown client metrics configuration: ${stranger}`, { configName: stranger, error })
  return configErrorIn(() => {
    const config = clientMetricsConfigOf(overrides)
    const interval = config.intervalMs
    if (interval < 100 || interval > 3_600_000)
      throw new ConfigError(
        `Invalid value ${interval} for interval.ms, interval must be between 100 and 3600000 (1 hour)`,
        { configName: 'interval.ms', error },
      )
    clientMatchersOf(config.match)
  })
}

import type { BrokerConfigLayers } from './broker-config-layers.ts'
import { brokerConfigOf } from './broker-config-layers.ts'
import { ConfigError, configErrorIn } from './config-error.ts'
import type { ConfigValues } from './config-table.ts'
import { camelCaseOf, parseConfigs, rowOf } from './config-table.ts'
import { groupConfigs } from './group-configs.ts'
import type { ConfigOverrides } from './topic-config.ts'
import { inheritedText } from './topic-config.ts'

/** A group's configs, parsed: `consumer.session.timeout.ms` is `consumerSessionTimeoutMs`. */
export interface GroupConfig extends ConfigValues<typeof groupConfigs> {}

/** The configs that hold for a group: its own, else the broker's of the same meaning. Throws ConfigError. */
export function groupConfigOf(overrides: ConfigOverrides, layers: BrokerConfigLayers): GroupConfig {
  return parseConfigs(groupConfigs, (name) => {
    const inherited = inheritedText(groupConfigs, name, layers)
    return overrides.get(name) ?? (name === 'streams.assignor.name' ? inherited?.split(',')[0] : inherited)
  })
}

/** Checks what a group is to set, against the limits the broker's configs draw for groups. */
export function validateGroupConfigs(overrides: ConfigOverrides, layers: BrokerConfigLayers): ConfigError | undefined {
  const stranger = [...overrides.keys()].find((name) => rowOf(groupConfigs, name) === undefined)
  if (stranger !== undefined) return new ConfigError(`Unknown group config name: ${stranger}`, { configName: stranger })
  return configErrorIn(() => {
    const group = new Map<string, unknown>(Object.entries(groupConfigOf(overrides, layers)))
    const limits = new Map<string, unknown>(Object.entries(brokerConfigOf(layers)))
    for (const name of overrides.keys()) {
      const value = Number(group.get(camelCaseOf(name)))
      const { min, max } = limitsOf(name)
      const [low, high] = [limits.get(camelCaseOf(min)), limits.get(camelCaseOf(max))]
      if (typeof high !== 'number') continue
      if (typeof low === 'number' && (value < low || value > high))
        throw new ConfigError(`${name} must be in the range ${low} to ${high} inclusive.`, { configName: name })
      if (value > high) throw new ConfigError(`${name} must be less than or equal to ${high}`, { configName: name })
    }
    for (const kind of ['consumer', 'share', 'streams']) {
      const [session, heartbeat] = [`${kind}.session.timeout.ms`, `${kind}.heartbeat.interval.ms`]
      if (Number(group.get(camelCaseOf(session))) <= Number(group.get(camelCaseOf(heartbeat))))
        throw new ConfigError(`${session} must be greater than ${heartbeat}`, { configName: session })
    }
  })
}

/** `share.heartbeat.interval.ms` is limited by `group.share.min.heartbeat.interval.ms` and its counterpart. */
function limitsOf(name: string): { readonly min: string; readonly max: string } {
  const dot = name.indexOf('.')
  const kind = name.slice(0, dot)
  const rest = name.slice(dot + 1).replace(/^num\./, '')
  return { min: `group.${kind}.min.${rest}`, max: `group.${kind}.max.${rest}` }
}

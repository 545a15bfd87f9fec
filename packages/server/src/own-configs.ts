/** Configs that Kafka does not have. Apache Kafka warns about them and starts all the same, so a file can serve both. */
import { ConfigError, type ConfigTable, type ConfigValues, parseConfigs } from '@odradek/broker-core/config'

const row = {
  type: 'STRING',
  importance: 'LOW',
  update: 'read-only',
  internal: false,
  used: true,
  synonyms: [],
} as const

const table = {
  'odradek.log.level': {
    ...row,
    default: 'info',
    doc: 'Least level of a log line that is written.',
    valid: choice('debug', 'info', 'warn', 'error'),
  },
  'odradek.log.format': {
    ...row,
    default: 'auto',
    doc: 'json, text, or auto: text on a terminal, json elsewhere.',
    valid: choice('auto', 'json', 'text'),
  },
  'odradek.metrics.listener': {
    ...row,
    default: '',
    doc: 'host:port on which metrics are served as Prometheus text; nowhere when empty.',
    valid: undefined,
  },
} satisfies ConfigTable

/** The table of these configs. */
export const ownConfigs: ConfigTable = table

/** These configs, parsed. */
export interface OwnConfig {
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly logFormat: 'auto' | 'json' | 'text'
  /** Where metrics are served; undefined for nowhere. */
  readonly metricsListener: { readonly host: string; readonly port: number } | undefined
}

/** Reads these configs from what was given. Throws ConfigError. */
export function ownConfigOf(given: ReadonlyMap<string, string>): OwnConfig {
  const values: ConfigValues<typeof table> = parseConfigs(table, (name) => given.get(name))
  return {
    logLevel: values.odradekLogLevel as OwnConfig['logLevel'],
    logFormat: values.odradekLogFormat as OwnConfig['logFormat'],
    metricsListener: addressOf(values.odradekMetricsListener),
  }
}

function addressOf(text: string): OwnConfig['metricsListener'] {
  if (text === '') return undefined
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535)
    throw new ConfigError(`Invalid value ${text} for configuration odradek.metrics.listener: Not a host:port`, {
      configName: 'odradek.metrics.listener',
      value: text,
    })
  return { host: match[1] ?? match[2] ?? '', port }
}

function choice(...values: readonly string[]) {
  return {
    expected: `[${values.join(', ')}]`,
    problem: ({ name, text }: { readonly name: string; readonly text: string }) =>
      values.includes(text)
        ? undefined
        : `Invalid value ${text} for configuration ${name}: String must be one of: ${values.join(', ')}`,
  }
}

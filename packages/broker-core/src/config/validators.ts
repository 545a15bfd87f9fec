/** Kafka's checks of single values, with Kafka's messages. */
import { invalidValue } from './config-error.ts'
import type { ConfigValue } from './config-row.ts'

/** A value under check. */
export interface Candidate {
  readonly name: string
  readonly value: ConfigValue
  /** The value as Java prints it. */
  readonly text: string
}

/** A check of one parsed value. */
export interface Validator {
  /** Kafka's own words for what is allowed: `[0,...]`, `[a, b]`; empty when Kafka has none. */
  readonly expected: string
  /** A list loses its duplicates before it is checked, as Kafka's ValidList has it since KIP-1161. */
  readonly distinct?: boolean
  /** Kafka's message when the value is not allowed. */
  problem(candidate: Candidate): string | undefined
}

/** Kafka's Range: at least `min`. */
export function atLeast(min: number): Validator {
  return range(min, Number.POSITIVE_INFINITY, `[${min},...]`)
}

/** Kafka's Range: from `min` to `max`. */
export function between(min: number, max: number): Validator {
  return range(min, max, `[${min},...,${max}]`)
}

function range(min: number, max: number, expected: string): Validator {
  return {
    expected,
    problem({ name, value, text }) {
      if (typeof value !== 'number') return invalidValue(name, text, 'Value must be non-null')
      if (value < min) return invalidValue(name, text, `Value must be at least ${min}`)
      if (value > max) return invalidValue(name, text, `Value must be no more than ${max}`)
      return undefined
    },
  }
}

/** Kafka's ValidString. */
export function oneOf(...values: readonly string[]): Validator {
  return {
    expected: `[${values.join(', ')}]`,
    problem({ name, text }) {
      return values.includes(text) ? undefined : invalidValue(name, text, `String must be one of: ${values.join(', ')}`)
    },
  }
}

/** Kafka's CaseInsensitiveValidString; `values` in upper case. */
export function oneOfAnyCase(...values: readonly string[]): Validator {
  return {
    expected: `(case insensitive) [${values.join(', ')}]`,
    problem({ name, text }) {
      return values.includes(text.toUpperCase())
        ? undefined
        : invalidValue(name, text, `String must be one of (case insensitive): ${values.join(', ')}`)
    },
  }
}

/** Kafka's NonEmptyString: null is allowed, the empty text is not. */
export const nonEmptyString: Validator = {
  expected: 'non-empty string',
  problem: ({ name, value }) => (value === '' ? invalidValue(name, '', 'String must be non-empty') : undefined),
}

/** Kafka's NonNullValidator. */
export const nonNullString: Validator = {
  expected: 'non-null string',
  problem: ({ name, value }) => (value === null ? invalidValue(name, 'null', 'entry must be non null') : undefined),
}

/** Kafka's check of a gzip level: 1 to 9, or -1 for the library's default. */
export const gzipLevel: Validator = {
  expected: '[1,...,9] or -1',
  problem({ name, value, text }) {
    const fits = typeof value === 'number' && (value === -1 || (value >= 1 && value <= 9))
    return fits ? undefined : invalidValue(name, text, 'Value must be between 1 and 9 or equal to -1')
  },
}

/** What a list may hold. */
export interface ListRule {
  /** The entries that are allowed; any when left out. */
  readonly of?: readonly string[]
  /** The list must have an entry. */
  readonly nonEmpty?: boolean
  /** The config may be unset. */
  readonly nullable?: boolean
}

/** Kafka's ValidList: no empty entry. */
export function listOf(rule: ListRule): Validator {
  const entries = rule.of ?? []
  const expected = entries.length === 0 ? '' : `[${entries.join(', ')}]`
  return {
    expected,
    distinct: true,
    problem({ name, value }) {
      if (!isList(value)) return rule.nullable ? undefined : `Configuration '${name}' values must not be null.`
      if (rule.nonEmpty && value.length === 0)
        return `Configuration '${name}' must not be empty. Valid values include: ${expected || 'any non-empty value'}`
      if (value.includes('')) return `Configuration '${name}' values must not be empty.`
      const stranger = entries.length === 0 ? undefined : value.find((entry) => !entries.includes(entry))
      return stranger === undefined
        ? undefined
        : invalidValue(name, stranger, `String must be one of: ${entries.join(', ')}`)
    },
  }
}

/** Throttled replicas of a topic: `*`, or `partition:broker` pairs. */
export const throttledReplicas: Validator = {
  expected: '[partitionId]:[brokerId],[partitionId]:[brokerId],...',
  problem({ name, value, text }) {
    if (!isList(value)) return undefined
    if (value.join(',').trim() === '*' || value.every((entry) => /^([0-9]+:[0-9]+)?$/.test(entry.trim())))
      return undefined
    const reason = `${name} must be the literal '*' or a list of replicas in the following format: ${this.expected}`
    return invalidValue(name, text, reason)
  },
}

/** Where a share group starts: `latest`, `earliest` or `by_duration:` and an ISO 8601 duration that is not negative. */
export const shareAutoOffsetReset: Validator = {
  expected: '[latest, earliest, by_duration:PnDTnHnMn.nS]',
  problem({ name, text }) {
    const duration = /^by_duration:P(?=[^-])(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,9})?S)?)?$/i
    if (text === 'latest' || text === 'earliest' || duration.test(text)) return undefined
    const reason = `Invalid value \`${text}\` for configuration ${name}. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`
    return invalidValue(name, text, reason)
  },
}

/** Entries of `controller.quorum.voters`: id@host:port. */
export const quorumVoters: Validator = {
  expected: 'non-empty list',
  problem({ name, value }) {
    if (!isList(value)) return invalidValue(name, 'null')
    for (const entry of value) {
      const parts = entry.split('@')
      const form = 'Each entry should be in the form `{id}@{host}:{port}`.'
      if (parts.length !== 2) return `Invalid configuration value for controller.quorum.voters. ${form}`
      const [id = '', address = ''] = parts
      if (!/^[-+]?\d+$/.test(id)) return `Failed to parse voter ID as an integer from ${id}`
      if (hostPortOf(address) === undefined)
        return `Failed to parse host name from entry ${entry} for the configuration controller.quorum.voters. ${form}`
    }
    return undefined
  },
}

/** Entries of `controller.quorum.bootstrap.servers`: host:port. */
export const quorumBootstrapServers: Validator = {
  expected: 'non-empty list',
  problem({ name, value }) {
    if (!isList(value)) return invalidValue(name, 'null')
    for (const entry of value) {
      if (hostPortOf(entry) === undefined)
        return `Failed to parse host name from ${entry} for the configuration ${name}. Each entry should be in the form "{host}:{port}"`
    }
    return undefined
  },
}

/** Splits `host:port` and `[v6]:port`. */
export function hostPortOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/.exec(text)
  return match === null || match[1] === '' ? undefined : { host: match[1]!, port: Number(match[2]) }
}

function isList(value: ConfigValue): value is readonly string[] {
  return Array.isArray(value)
}

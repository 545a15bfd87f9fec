/** Reading and printing values the way Kafka's ConfigDef does. */
import { ConfigError, invalidValue } from './config-error.ts'
import type { ConfigRow, ConfigValue } from './config-row.ts'
import { doubleText, longText, wholeNumberRange } from './long-text.ts'

const DOUBLE = /^[+-]?(NaN|Infinity|((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)[fFdD]?)$/

/** Reads `text` as a value of `row` and checks it; throws ConfigError with Kafka's message. */
export function parseConfigValue<V extends ConfigValue>(name: string, row: ConfigRow<V>, text: string): V {
  const value = valueIn(name, row, text)
  const problem = row.valid?.problem({ name, value, text: javaText(row, value) })
  if (problem !== undefined) throw new ConfigError(problem, { configName: name, value: text })
  return value as V
}

function valueIn(name: string, row: ConfigRow, text: string): ConfigValue {
  const trimmed = text.trim()
  const refuse = (reason: string) =>
    new ConfigError(invalidValue(name, text, reason), { configName: name, value: text })
  switch (row.type) {
    case 'BOOLEAN': {
      const word = trimmed.toLowerCase()
      if (word !== 'true' && word !== 'false') throw refuse('Expected value to be either true or false')
      return word === 'true'
    }
    case 'INT':
    case 'SHORT':
    case 'LONG': {
      const whole = wholeNumberOf(row.type, trimmed)
      if (whole === undefined) throw refuse(`Not a number of type ${row.type}`)
      return numberOf(whole)
    }
    case 'DOUBLE':
      if (!DOUBLE.test(trimmed)) throw refuse('Not a number of type DOUBLE')
      return Number(trimmed.replace(/(?<=[\d.])[fFdD]$/, ''))
    case 'LIST': {
      const entries = trimmed === '' ? [] : trimmed.split(/\s*,\s*/)
      return row.valid?.distinct ? [...new Set(entries)] : entries
    }
    default:
      return trimmed
  }
}

function wholeNumberOf(type: 'INT' | 'SHORT' | 'LONG', text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  const [min, max] = wholeNumberRange[type]
  return value < min || value > max ? undefined : value
}

function numberOf(value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  return value > 0n ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** A value as Kafka's DescribeConfigs prints it; null when it is not set. */
export function configText(row: ConfigRow, value: ConfigValue): string | null {
  if (value === null) return null
  if (typeof value === 'number') return row.type === 'DOUBLE' ? doubleText(value) : longText(value)
  return typeof value === 'object' ? value.join(',') : String(value)
}

/**
 * The text DescribeConfigs prints for a value given as `text`: `+5` becomes `5`, `TRUE` becomes `true`. Whole numbers
 * keep all digits, which a parsed value does not.
 */
export function canonicalText(name: string, row: ConfigRow, text: string): string | null {
  if (row.type === 'LONG') return (wholeNumberOf('LONG', text.trim()) ?? text).toString()
  return configText(row, parseConfigValue(name, row, text))
}

function javaText(row: ConfigRow, value: ConfigValue): string {
  if (typeof value === 'object' && value !== null) return `[${value.join(', ')}]`
  return configText(row, value) ?? 'null'
}

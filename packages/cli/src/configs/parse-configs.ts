import { parseProperties } from '../command/properties.ts'
import type { ParsedOptions } from '../options/option-parser.ts'

/** A separator counts only outside of square brackets. */
const outsideBrackets = '(?=[^\\]]*(?:\\[|$))'
const betweenConfigs = new RegExp(`,${outsideBrackets}`)
const betweenKeyAndValue = new RegExp(`\\s*=\\s*${outsideBrackets}`)

/** The configs of `--add-config`: `k1=v1,k2=[v1,v2]`. @throws Error in Kafka's words */
export function parseConfigs(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(betweenConfigs).map((pair) => pair.split(betweenKeyAndValue))
  const isWhole = pairs.every((pair) => pair.length === 2)
  if (!isWhole) {
    throw new Error(
      'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  "key=[val1,val2]" to group values which contain commas.',
    )
  }
  return checked(pairs.map(([key, value]) => [key!.trim(), value!.replaceAll(/[[\]]/g, '').trim()]))
}

/** The configs of a file of properties. @throws Error in Kafka's words */
export function parseConfigFile(text: string): Readonly<Record<string, string>> {
  return checked([...parseProperties(text)])
}

/** The names of `--delete-config`. @throws Error in Kafka's words */
export function configsToDelete(options: ParsedOptions): readonly string[] {
  const names = options.values('delete-config').flatMap((text) => text.split(',').map((name) => name.trim()))
  checked(names.map((name) => [name, '']))
  return names
}

function checked(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  for (const [key] of pairs) {
    if (!/^[$a-zA-Z0-9._-]*$/.test(key)) throw new Error(`Invalid character found for config key: ${key}`)
  }
  return Object.fromEntries(pairs)
}

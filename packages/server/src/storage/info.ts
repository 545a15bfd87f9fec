/** `kafka-storage info`: what the log directories of a node hold. */
import type { BrokerConfig } from '@odradek/broker-core/config'
import type { Storage } from '@odradek/runtime'
import { directoriesOf, stateOf } from './log-directories.ts'

/** What `info` found: lines to print, and whether anything is wrong. */
export interface StorageInfo {
  readonly lines: readonly string[]
  readonly problems: number
}

/** Looks at every directory of the node. */
export function storageInfo(config: BrokerConfig, storage: Storage): StorageInfo {
  const found: string[] = []
  const problems: string[] = []
  let first: ReadonlyMap<string, string> | undefined
  for (const directory of directoriesOf(config)) {
    const state = stateOf(storage, directory)
    switch (state.kind) {
      case 'missing':
        problems.push(`${directory} does not exist`)
        break
      case 'not-a-directory':
        problems.push(`${directory} is not a directory`)
        break
      case 'empty':
        found.push(directory)
        problems.push(`${directory} is not formatted.`)
        break
      case 'failed':
        found.push(directory)
        problems.push(`Error loading ${directory}/meta.properties: ${state.message}`)
        break
      case 'formatted':
        found.push(directory)
        problems.push(...mismatches(first, state.properties))
        first ??= state.properties
    }
  }
  return {
    problems: problems.length,
    lines: [
      ...section(found, { one: 'Found log directory:', many: 'Found log directories:' }),
      ...(first === undefined ? [] : [`Found metadata: ${textOf(first)}`, '']),
      ...section(problems, { one: 'Found problem:', many: 'Found problems:' }),
    ],
  }
}

function mismatches(first: ReadonlyMap<string, string> | undefined, other: ReadonlyMap<string, string>): string[] {
  if (first === undefined) return []
  const differs = (name: string) => first.get(name) !== other.get(name)
  return [
    ...(differs('cluster.id') ? ['Mismatched cluster IDs between storage directories.'] : []),
    ...(differs('node.id') ? ['Mismatched node IDs between storage directories.'] : []),
  ]
}

function textOf(properties: ReadonlyMap<string, string>): string {
  const sorted = [...properties].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, value]) => `${name}=${value}`).join(', ')}}`
}

function section(entries: readonly string[], title: { readonly one: string; readonly many: string }): string[] {
  if (entries.length === 0) return []
  return [entries.length === 1 ? title.one : title.many, ...entries.map((entry) => `  ${entry}`), '']
}

import { apiKeys } from './generated/api-keys.ts'

export { apiKeys }

/** Kafka's name of an API: `Fetch`. */
export type ApiName = keyof typeof apiKeys

/** One row of the API table. */
export interface ApiKey {
  readonly key: number
  readonly name: ApiName
  /** The oldest version that Apache Kafka 4.4 serves. */
  readonly minVersion: number
  /** The newest version, also when it is not stable yet. */
  readonly maxVersion: number
  /** The first version with compact lengths and tagged fields (KIP-482); Infinity when there is none. */
  readonly firstFlexibleVersion: number
  /** The newest version is served only when unstable versions are enabled (`unstable.api.versions.enable`). */
  readonly latestVersionUnstable: boolean
  /** The kinds of listeners that serve it. */
  readonly listeners: readonly ('broker' | 'controller')[]
}

/** All rows of the API table, in the order of their keys. */
export const apiKeyList: readonly ApiKey[] = Object.values(apiKeys)

const byKey: ReadonlyMap<number, ApiKey> = new Map(apiKeyList.map((row) => [row.key, row]))

/** The row of an API key, or undefined when no API has it. */
export function apiByKey(key: number): ApiKey | undefined {
  return byKey.get(key)
}

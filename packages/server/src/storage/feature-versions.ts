/**
 * The features `kafka-storage` knows, in the order Kafka prints them: from which metadata version on a level is a new
 * cluster's default, and what it needs (KIP-1022).
 */
import { latestMetadataVersion, metadataVersions } from '@odradek/quorum'

/** A level of a feature. */
export interface FeatureLevel {
  readonly level: number
  /** Metadata version from which on this is the level a new cluster gets. */
  readonly since: number
  /** Levels of other features it needs. */
  readonly needs?: Readonly<Record<string, number>>
}

/** Features beside metadata.version. Level 0, which is off, is there for every one. */
export const featureLevels: Readonly<Record<string, readonly FeatureLevel[]>> = {
  'kraft.version': [{ level: 1, since: 21 }],
  'transaction.version': [
    { level: 1, since: 24 },
    { level: 2, since: 24 },
  ],
  'group.version': [{ level: 1, since: 22 }],
  'eligible.leader.replicas.version': [{ level: 1, since: 26, needs: { 'metadata.version': 23 } }],
  'share.version': [
    { level: 1, since: 28 },
    { level: 2, since: 31 },
  ],
  'streams.version': [{ level: 1, since: 29 }],
}

/** Metadata version from which on SCRAM credentials are kept in the metadata log. */
export const scramSince = 11

/** The level a new cluster of a metadata version gets. */
export function defaultLevel(feature: string, metadataVersion: number): number {
  return Math.max(0, ...(featureLevels[feature] ?? []).filter((l) => l.since <= metadataVersion).map((l) => l.level))
}

/** The name of a level of metadata.version: 33 is 4.4-IV2. */
export function metadataVersionName(level: number): string | undefined {
  return metadataVersions.find((version) => version.level === level)?.name
}

/** What 4.4 knows of and does not format yet; `version-mapping` shows it. */
export const unstableMetadataVersions = [{ level: latestMetadataVersion + 1, name: '4.5-IV0' }] as const

/** The level of a release: `4.4-IV2` exactly, or the newest of `4.4`. Undefined when there is none. */
export function metadataVersionOf(release: string, among = metadataVersions): number | undefined {
  return among.findLast((version) => version.name === release || version.name.startsWith(`${release}-IV`))?.level
}

/** Kafka's sentence for a release it does not know. */
export function unknownRelease(release: string, among = metadataVersions): string {
  const names = among.map((version) => version.name).join(', ')
  return `Unknown metadata.version '${release}'. Supported metadata.version are: ${names}`
}

/** Oldest and newest metadata.version that can be formatted. */
export const releaseRange = {
  oldest: metadataVersions[0]!.name,
  newest: metadataVersionName(latestMetadataVersion)!,
} as const

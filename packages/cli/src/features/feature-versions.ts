import { metadataVersions } from '@odradek/quorum'

/** A level of a feature: the oldest `metadata.version` whose release brings it, and what it cannot be without. */
interface FeatureLevel {
  readonly since: string
  readonly requires: readonly (readonly [feature: string, level: number])[]
}

const metadataFeature = 'metadata.version'

/** The levels above 0 of each feature, in Kafka's order. Kafka: `Feature`. */
const features: Readonly<Record<string, readonly FeatureLevel[]>> = {
  'kraft.version': [{ since: '3.9-IV0', requires: [] }],
  'transaction.version': [
    { since: '4.0-IV2', requires: [] },
    { since: '4.0-IV2', requires: [] },
  ],
  'group.version': [{ since: '4.0-IV0', requires: [] }],
  'eligible.leader.replicas.version': [{ since: '4.1-IV0', requires: [[metadataFeature, metadataLevel('4.0-IV1')!]] }],
  'share.version': [
    { since: '4.2-IV0', requires: [] },
    { since: '4.4-IV0', requires: [] },
  ],
  'streams.version': [{ since: '4.2-IV1', requires: [] }],
}

/** A `metadata.version`. */
export interface MetadataVersion {
  readonly level: number
  readonly name: string
}

/** What a level is called: `4.0-IV3` for one of `metadata.version`, the number for all others. Kafka: `levelToString`. */
export function levelText(feature: string, level: number): string {
  if (feature !== metadataFeature) return String(level)
  return metadataVersions.find((version) => version.level === level)?.name ?? `UNKNOWN ${level}`
}

/** The newest `metadata.version`. */
export function latestMetadataVersion(): MetadataVersion {
  return metadataVersions.at(-1)!
}

/** The `metadata.version` of a release: `4.0`, `4.0-IV1`. @throws Error in Kafka's words */
export function releaseVersion(release: string): MetadataVersion {
  const found =
    metadataVersions.find(({ name }) => name === release) ??
    metadataVersions.findLast(({ name }) => name.split('-')[0] === release.split('.').slice(0, 2).join('.'))
  if (found === undefined) {
    const known = metadataVersions.map(({ name }) => name).join(', ')
    throw new Error(`Version ${release} is not a valid version. The known versions are ${known}`)
  }
  return found
}

/** The level of each feature that a release brings, without `metadata.version`. */
export function featureLevels({ level }: MetadataVersion): readonly (readonly [feature: string, level: number])[] {
  return Object.entries(features).map(([feature, levels]) => {
    return [feature, levels.filter(({ since }) => metadataLevel(since)! <= level).length]
  })
}

/** What a level of a feature cannot be without. @throws Error in Kafka's words */
export function featureDependencies(
  feature: string,
  level: number,
): readonly (readonly [feature: string, level: number])[] {
  if (feature === metadataFeature) {
    if (metadataVersions.some((version) => version.level === level)) return []
    throw new Error(`Unknown metadata.version ${level}`)
  }
  const levels = features[feature]
  if (levels === undefined) throw new Error(`Unknown feature: ${feature}`)
  if (level === 0) return []
  const found = levels[level - 1]
  if (found === undefined) throw new Error(`No feature:${feature} with feature level ${level}`)
  return found.requires
}

function metadataLevel(name: string): number | undefined {
  return metadataVersions.find((version) => version.name === name)?.level
}

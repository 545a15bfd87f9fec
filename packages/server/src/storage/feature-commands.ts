/** `kafka-storage version-mapping` and `feature-dependencies`. */
import { latestMetadataVersion, metadataVersions } from '@odradek/quorum'
import {
  defaultLevel,
  featureLevels,
  metadataVersionName,
  metadataVersionOf,
  releaseRange,
  unknownRelease,
  unstableMetadataVersions,
} from './feature-versions.ts'
import { StorageFailure } from './storage-failure.ts'

/** The levels of all features that go with a release. Throws StorageFailure for one that is not known. */
export function versionMapping(release: string | undefined): string[] {
  const known = [...metadataVersions, ...unstableMetadataVersions]
  const level = release === undefined ? latestMetadataVersion : metadataVersionOf(release, known)
  if (level === undefined) throw new StorageFailure(unknownRelease(release!, known))
  return [
    `metadata.version=${level} (${release ?? releaseRange.newest})`,
    ...Object.keys(featureLevels).map((name) => `${name}=${defaultLevel(name, level)}`),
  ]
}

/** What each `feature=level` needs. Throws StorageFailure. */
export function featureDependencies(features: readonly string[]): string[] {
  return features.flatMap((feature) => {
    const { name, level } = parse(feature)
    if (name === 'metadata.version') {
      const release = metadataVersionName(level)
      if (release === undefined) throw new StorageFailure(`Unknown metadata.version ${level}`)
      return [`metadata.version=${level} (${release}) has no dependencies.`]
    }
    const levels = featureLevels[name]
    if (levels === undefined) throw new StorageFailure(`Unknown feature: ${name}`)
    const row = levels.find((candidate) => candidate.level === level)
    if (row === undefined && level !== 0)
      throw new StorageFailure(`Feature level ${level} is not supported for feature ${name}`)
    if (row?.needs === undefined) return [`${name}=${level} has no dependencies.`]
    return [
      `${name}=${level} requires:`,
      ...Object.entries(row.needs).map(([needed, at]) => {
        const release = needed === 'metadata.version' ? ` (${metadataVersionName(at)})` : ''
        return `    ${needed}=${at}${release}`
      }),
    ]
  })
}

function parse(feature: string): { readonly name: string; readonly level: number } {
  const parts = feature.split('=')
  if (parts.length !== 2)
    throw new StorageFailure(
      `Invalid feature format: ${feature}. Expected format: 'feature=version' (e.g. 'group.version=1')`,
    )
  const [name = '', level = ''] = parts
  if (!/^-?\d{1,5}$/.test(level)) throw new StorageFailure(`Invalid version format: ${level} for feature ${name}`)
  return { name, level: Number(level) }
}

/** The feature levels a new cluster is formatted with. */
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { latestMetadataVersion } from '@odradek/quorum'
import {
  defaultLevel,
  featureLevels,
  metadataVersionName,
  metadataVersionOf,
  unknownRelease,
} from './feature-versions.ts'
import { StorageFailure } from './storage-failure.ts'

/** What was asked for. */
export interface RequestedFeatures {
  /** --release-version. */
  readonly release: string | undefined
  /** Every --feature, `name=level`. */
  readonly features: readonly string[]
}

/** The levels to format. */
export interface InitialFeatures {
  readonly metadataVersion: number
  /** Levels by name, kraft.version aside. */
  readonly levels: ReadonlyMap<string, number>
  /** kraft.version when it was asked for by name. */
  readonly kraftVersion: number | undefined
}

/** Works out all levels: those asked for, else the release's. Throws StorageFailure. */
export function initialFeaturesOf({ release, features }: RequestedFeatures): InitialFeatures {
  const asked = new Map(features.map(parseFeature))
  const askedVersion = asked.get('metadata.version')
  if (release !== undefined && askedVersion !== undefined)
    throw new StorageFailure('Use --release-version instead of --feature metadata.version=X to avoid ambiguity.')
  const metadataVersion = release === undefined ? (askedVersion ?? latestMetadataVersion) : metadataVersionOf(release)
  if (metadataVersion === undefined) throw new StorageFailure(unknownRelease(release!))
  if (metadataVersionName(metadataVersion) === undefined)
    throw new StorageFailure(`No feature:metadata.version with feature level ${metadataVersion}`)
  const names = Object.keys(featureLevels).sort()
  for (const name of asked.keys()) {
    if (name !== 'metadata.version' && !names.includes(name))
      throw new StorageFailure(`Unsupported feature: ${name}. Supported features are: ${names.join(', ')}`)
  }
  const levels = new Map([['metadata.version', metadataVersion]])
  for (const name of names) {
    const level = asked.get(name) ?? defaultLevel(name, metadataVersion)
    checkLevel(name, level, metadataVersion)
    if (name !== 'kraft.version') levels.set(name, level)
  }
  return { metadataVersion, levels, kraftVersion: asked.get('kraft.version') }
}

function checkLevel(name: string, level: number, metadataVersion: number): void {
  if (level === 0) return
  const row = featureLevels[name]?.find((candidate) => candidate.level === level)
  if (row === undefined) throw new StorageFailure(`No feature:${name} with feature level ${level}`)
  const needed = row.needs?.['metadata.version'] ?? 0
  if (metadataVersion < needed)
    throw new StorageFailure(
      `${name} could not be set to ${level} because it depends on metadata.version level ${needed}`,
    )
}

function parseFeature(text: string): readonly [string, number] {
  const equals = text.indexOf('=')
  if (equals < 0) throw new StorageFailure(`Can't parse feature=level string ${text}: equals sign not found.`)
  const level = text.slice(equals + 1).trim()
  if (!/^[+-]?\d{1,5}$/.test(level))
    throw new StorageFailure(`Can't parse feature=level string ${text}: unable to parse ${level} as a short.`)
  return [text.slice(0, equals).trim(), Number(level)]
}

/** The records of the levels, metadata.version first; a level of 0 needs no record. */
export function featureRecords({ levels }: InitialFeatures): MetadataRecord[] {
  return [...levels]
    .filter(([, featureLevel]) => featureLevel > 0)
    .map(([name, featureLevel]) => ({ type: 'FeatureLevelRecord', version: 0, record: { name, featureLevel } }))
}

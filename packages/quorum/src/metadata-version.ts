/**
 * The feature levels of Apache Kafka 4.4 and what `metadata.version` allows. A level is written into the metadata log and never
 * goes back by itself; records are written in the newest version the level has, so that a cluster of that level can read them.
 */
export interface FeatureRange {
  readonly name: string
  readonly min: number
  readonly max: number
}

/** `metadata.version` by release: level and the name `kafka-features` prints. 4.4-IV2 is what 4.4 formats. */
export const metadataVersions: readonly { readonly level: number; readonly name: string }[] = [
  '3.3-IV3',
  '3.4-IV0',
  '3.5-IV0',
  '3.5-IV1',
  '3.5-IV2',
  '3.6-IV0',
  '3.6-IV1',
  '3.6-IV2',
  '3.7-IV0',
  '3.7-IV1',
  '3.7-IV2',
  '3.7-IV3',
  '3.7-IV4',
  '3.8-IV0',
  '3.9-IV0',
  '4.0-IV0',
  '4.0-IV1',
  '4.0-IV2',
  '4.0-IV3',
  '4.1-IV0',
  '4.1-IV1',
  '4.2-IV0',
  '4.2-IV1',
  '4.3-IV0',
  '4.4-IV0',
  '4.4-IV1',
  '4.4-IV2',
].map((name, index) => ({ level: index + 7, name }))

/** Level of 4.4-IV2, the newest that 4.4 takes into production. */
export const latestMetadataVersion = 33

/** Features a 4.4 node supports, in the order Kafka registers them, with the level a new cluster gets. */
export const supportedFeatures: readonly (FeatureRange & { readonly initial: number })[] = [
  { name: 'metadata.version', min: 7, max: latestMetadataVersion, initial: latestMetadataVersion },
  { name: 'eligible.leader.replicas.version', min: 0, max: 1, initial: 1 },
  { name: 'group.version', min: 0, max: 1, initial: 1 },
  { name: 'kraft.version', min: 0, max: 1, initial: 0 },
  { name: 'share.version', min: 0, max: 2, initial: 2 },
  { name: 'streams.version', min: 0, max: 1, initial: 1 },
  { name: 'transaction.version', min: 0, max: 2, initial: 2 },
]

/** The record versions that a `metadata.version` level writes. */
export interface RecordVersions {
  readonly partition: number
  readonly partitionChange: number
  readonly registerBroker: number
  readonly brokerRegistrationChange: number
}

/** Versions by level: directories of KIP-858 from 17 (3.7-IV2), ELR of KIP-966 from 23 (4.0-IV1), cordoned directories from 30 (4.3-IV0). */
export function recordVersionsAt(level: number): RecordVersions {
  const directories = level >= 17
  const partition = level >= 23 ? 2 : directories ? 1 : 0
  const registerBroker = level >= 30 ? 4 : directories ? 3 : level >= 8 ? 2 : 1
  return {
    partition,
    partitionChange: partition,
    registerBroker,
    brokerRegistrationChange: level >= 30 ? 3 : directories ? 2 : 1,
  }
}

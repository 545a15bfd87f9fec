import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { configResourceTypes } from './image/configs-image.ts'
import { latestMetadataVersion, supportedFeatures } from './metadata-version.ts'

/** The features a new cluster begins with, `metadata.version` first; what `kafka-storage format` writes into the first snapshot. */
export function initialFeatures(metadataVersion: number = latestMetadataVersion): readonly MetadataRecord[] {
  return supportedFeatures
    .filter((feature) => feature.initial > 0)
    .map((feature): MetadataRecord => {
      const featureLevel = feature.name === 'metadata.version' ? metadataVersion : feature.initial
      return { type: 'FeatureLevelRecord', version: 0, record: { name: feature.name, featureLevel } }
    })
}

/**
 * The first batch of a new cluster's first leader: the features of the first snapshot as one metadata transaction, and with
 * eligible leader replicas the `min.insync.replicas` of the whole cluster, which from then on is a dynamic config (KIP-966).
 */
export function bootstrapRecords(
  features: readonly MetadataRecord[],
  options: { readonly minInSyncReplicas: number },
): readonly MetadataRecord[] {
  const hasElr = features.some(
    (entry) =>
      entry.type === 'FeatureLevelRecord' &&
      entry.record.name === 'eligible.leader.replicas.version' &&
      entry.record.featureLevel > 0,
  )
  const record = {
    resourceType: configResourceTypes.BROKER,
    resourceName: '',
    name: 'min.insync.replicas',
    value: String(options.minInSyncReplicas),
  }
  return [
    { type: 'BeginTransactionRecord', version: 0, record: { name: 'Bootstrap records' } },
    ...features,
    ...(hasElr ? [{ type: 'ConfigRecord', version: 0, record } as const] : []),
    { type: 'EndTransactionRecord', version: 0, record: {} },
  ]
}

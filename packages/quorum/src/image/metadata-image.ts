import type { ClientQuotaRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { recordVersionsAt } from '../metadata-version.ts'
import { ClusterImage } from './cluster-image.ts'
import { ConfigsImage, configResourceTypes } from './configs-image.ts'
import { FeaturesImage } from './features-image.ts'
import { type EntryOf, KeyedRecordsImage } from './keyed-records-image.ts'
import { MetadataDelta } from './metadata-delta.ts'
import { TopicsImage } from './topics-image.ts'

/**
 * The state of the cluster: what the committed records of `__cluster_metadata` say, and nothing else. `replay` is its only writer;
 * `records` writes it down as a snapshot, from which an equal image is replayed. Records between BeginTransactionRecord and
 * EndTransactionRecord take effect together, at the end, or not at all (KIP-868).
 */
export class MetadataImage {
  readonly features = new FeaturesImage()
  readonly cluster = new ClusterImage()
  readonly topics = new TopicsImage()
  readonly configs = new ConfigsImage()
  readonly accessControlEntries = new KeyedRecordsImage<EntryOf<'AccessControlEntryRecord'>>()
  readonly scramCredentials = new KeyedRecordsImage<EntryOf<'UserScramCredentialRecord'>>()
  readonly clientQuotas = new KeyedRecordsImage<EntryOf<'ClientQuotaRecord'>>()
  readonly delegationTokens = new KeyedRecordsImage<EntryOf<'DelegationTokenRecord'>>()
  #nextProducerId = 0
  #transaction: MetadataRecord[] | null = null

  /** First producer id that no broker was given a block with. */
  get nextProducerId(): number {
    return this.#nextProducerId
  }

  /** Applies one committed record and notes in `delta` what it changed. */
  replay(entry: MetadataRecord, delta: MetadataDelta = new MetadataDelta()): void {
    switch (entry.type) {
      case 'BeginTransactionRecord':
        this.#transaction = []
        return
      case 'AbortTransactionRecord':
        this.#transaction = null
        return
      case 'EndTransactionRecord': {
        const records = this.#transaction ?? []
        this.#transaction = null
        for (const record of records) this.#apply(record, delta)
        return
      }
      default:
        if (this.#transaction === null) this.#apply(entry, delta)
        else this.#transaction.push(entry)
    }
  }

  /** The image as records, in the order Kafka's snapshots have them. */
  *records(): Iterable<MetadataRecord> {
    const versions = recordVersionsAt(this.features.metadataVersion)
    yield* this.features.records()
    yield* this.cluster.records(versions)
    yield* this.topics.records(versions)
    yield* this.configs.records()
    yield* this.clientQuotas.records()
    if (this.#nextProducerId > 0) {
      const record = { brokerId: -1, brokerEpoch: -1, nextProducerId: this.#nextProducerId }
      yield { type: 'ProducerIdsRecord', version: 0, record }
    }
    yield* this.accessControlEntries.records()
    yield* this.scramCredentials.records()
    yield* this.delegationTokens.records()
  }

  #apply(entry: MetadataRecord, delta: MetadataDelta): void {
    if (this.#applyToTopics(entry, delta) || this.#applyToCluster(entry, delta)) return
    this.#applyToSecurity(entry)
  }

  #applyToTopics(entry: MetadataRecord, delta: MetadataDelta): boolean {
    switch (entry.type) {
      case 'TopicRecord':
        this.topics.createTopic(entry.record.name, entry.record.topicId)
        delta.changedTopics.add(entry.record.topicId)
        return true
      case 'PartitionRecord':
        this.topics.setPartition(entry.record)
        delta.changedTopics.add(entry.record.topicId)
        return true
      case 'PartitionChangeRecord':
        this.topics.changePartition(entry.record)
        delta.changedTopics.add(entry.record.topicId)
        return true
      case 'ClearElrRecord':
        this.topics.clearEligibleLeaderReplicas(entry.record.topicName)
        return true
      case 'RemoveTopicRecord':
        this.#removeTopic(entry.record.topicId, delta)
        return true
      case 'ConfigRecord': {
        const resource = { type: entry.record.resourceType, name: entry.record.resourceName }
        this.configs.replay(entry.record)
        delta.changedConfigs.set(`${resource.type}:${resource.name}`, resource)
        return true
      }
      case 'ProducerIdsRecord':
        this.#nextProducerId = entry.record.nextProducerId
        return true
      default:
        return false
    }
  }

  #applyToCluster(entry: MetadataRecord, delta: MetadataDelta): boolean {
    switch (entry.type) {
      case 'FeatureLevelRecord':
        this.features.replay(entry.record)
        delta.featuresChanged = true
        return true
      case 'RegisterBrokerRecord':
        this.cluster.register(entry.record)
        break
      case 'UnregisterBrokerRecord':
        this.cluster.unregister(entry.record.brokerId)
        break
      case 'FenceBrokerRecord':
        this.cluster.fence(entry.record, true)
        break
      case 'UnfenceBrokerRecord':
        this.cluster.fence(entry.record, false)
        break
      case 'BrokerRegistrationChangeRecord':
        this.cluster.change(entry.record)
        break
      case 'RegisterControllerRecord':
        this.cluster.registerController(entry.record)
        break
      case 'UnregisterControllerRecord':
        this.cluster.unregisterController(entry.record.controllerId)
        break
      default:
        return false
    }
    delta.clusterChanged = true
    return true
  }

  #applyToSecurity(entry: MetadataRecord): void {
    switch (entry.type) {
      case 'AccessControlEntryRecord':
        this.accessControlEntries.set(entry.record.id, entry)
        break
      case 'RemoveAccessControlEntryRecord':
        this.accessControlEntries.delete(entry.record.id)
        break
      case 'UserScramCredentialRecord':
        this.scramCredentials.set(scramKey(entry.record), entry)
        break
      case 'RemoveUserScramCredentialRecord':
        this.scramCredentials.delete(scramKey(entry.record))
        break
      case 'DelegationTokenRecord':
        this.delegationTokens.set(entry.record.tokenId, entry)
        break
      case 'RemoveDelegationTokenRecord':
        this.delegationTokens.delete(entry.record.tokenId)
        break
      case 'ClientQuotaRecord':
        if (entry.record.remove) this.clientQuotas.delete(quotaKey(entry.record))
        else this.clientQuotas.set(quotaKey(entry.record), entry)
        break
      default:
      // NoOpRecord and ZkMigrationStateRecord change nothing a 4.x cluster looks at.
    }
  }

  #removeTopic(topicId: string, delta: MetadataDelta): void {
    const topic = this.topics.removeTopic(topicId)
    if (topic === undefined) return
    this.configs.removeResource({ type: configResourceTypes.TOPIC, name: topic.name })
    delta.changedTopics.delete(topicId)
    delta.removedTopics.set(topicId, topic)
  }
}

function scramKey(record: { readonly mechanism: number; readonly name: string }): string {
  return `${record.mechanism}:${record.name}`
}

function quotaKey(record: ClientQuotaRecord): string {
  return JSON.stringify([record.entity.map((part) => [part.entityType, part.entityName]), record.key])
}

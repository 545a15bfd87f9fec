import type { LogDirectory } from '@odradek/log'
import {
  alterPartition,
  configResourceTypes,
  type MetadataDelta,
  type PartitionRegistration,
  type TopicImage,
} from '@odradek/quorum'
import type { Broker } from '../broker.ts'
import { logConfigOf } from '../config/log-config.ts'
import { Partition } from '../partitions/partition.ts'
import { cordonedLogDirs, reportCordonedLogDirs } from './cordoned-log-dirs.ts'

/**
 * Makes the broker's partitions what the metadata says: new ones get a log, leaders and in-sync replicas are taken over, changed
 * configs reach the logs, deleted topics lose theirs. It acts on what a run of committed records changed, and at the start on
 * everything.
 */
export class PartitionFollower {
  readonly #broker: Broker

  constructor(broker: Broker) {
    this.#broker = broker
  }

  /** Opens what the image says this broker has. */
  start(): void {
    for (const topic of this.#broker.metadata.image.topics.all()) this.#follow(topic)
  }

  apply(delta: MetadataDelta): void {
    const { image } = this.#broker.metadata
    for (const topic of delta.removedTopics.values()) this.#remove(topic)
    this.#reconfigure(delta)
    this.#broker.groups.apply(delta)
    for (const topicId of delta.changedTopics) {
      const topic = image.topics.byId(topicId)
      if (topic !== undefined) this.#follow(topic)
    }
  }

  #follow(topic: TopicImage): void {
    const { partitions, nodeId, hooks } = this.#broker
    const isNew = ![...topic.partitions.keys()].some((index) => partitions.get(topic.topicId, index) !== undefined)
    for (const registration of topic.partitions.values()) {
      if (!registration.replicas.includes(nodeId)) continue
      const former = partitions.get(topic.topicId, registration.partitionId)
      const formerEpoch = former?.leaderEpoch
      if (former === undefined) this.#open(topic, registration)
      else former.update(registration, this.#minInSyncReplicas(topic.name))
      if (formerEpoch !== registration.leaderEpoch) {
        const { partitionId: partition, leader: leaderId, leaderEpoch } = registration
        hooks.emit('leaderChanged', { topic: topic.name, partition, leaderId, leaderEpoch })
        this.#recovered(topic, registration)
        const followed = partitions.get(topic.topicId, registration.partitionId)
        if (followed !== undefined) this.#broker.groups.follow(followed)
      }
    }
    if (isNew)
      hooks.emit('topicCreated', { topic: topic.name, topicId: topic.topicId, partitions: topic.partitions.size })
  }

  #open(topic: TopicImage, registration: PartitionRegistration): void {
    const broker = this.#broker
    const config = logConfigOf(broker.configs.topic(topic.name, broker.metadata.image))
    const topicPartition = { topic: topic.name, partition: registration.partitionId }
    const directory = this.#assignedDirectory(registration)
    const log = broker.logs.createLog(topicPartition, {
      topicId: topic.topicId,
      config,
      ...(directory && { directory }),
      avoid: cordonedLogDirs(broker),
    })
    broker.partitions.add(
      new Partition(log, {
        topicId: topic.topicId,
        registration,
        minInSyncReplicas: this.#minInSyncReplicas(topic.name),
        host: broker,
      }),
    )
  }

  /** Where the controller says the log belongs, when it says so. */
  #assignedDirectory(registration: PartitionRegistration): LogDirectory | undefined {
    const assigned = registration.directories[registration.replicas.indexOf(this.#broker.nodeId)]
    return this.#broker.logs.directories.find(
      (directory) => directory.failure === undefined && directory.metaProperties?.directoryId === assigned,
    )
  }

  /** A leader that was elected though it may have lost records is whole again once it leads: there is nobody to ask. */
  #recovered(topic: TopicImage, registration: PartitionRegistration): void {
    const { controller, nodeId, logger } = this.#broker
    if (registration.leader !== nodeId || registration.leaderRecoveryState !== 1) return
    const { partitionId: partitionIndex, leaderEpoch, partitionEpoch, isr } = registration
    const newIsrWithEpochs = isr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }))
    const partition = {
      partitionIndex,
      leaderEpoch,
      partitionEpoch,
      newIsr: [],
      newIsrWithEpochs,
      leaderRecoveryState: 0,
    }
    controller
      .run((context) =>
        alterPartition(
          {
            brokerId: nodeId,
            brokerEpoch: this.#broker.brokerEpoch,
            topics: [{ topicId: topic.topicId, partitions: [partition] }],
          },
          context,
        ),
      )
      .catch((error: unknown) =>
        logger.warn('a recovered partition could not be reported', { topic: topic.name, error }),
      )
  }

  #remove(topic: TopicImage): void {
    const { partitions, logs, hooks } = this.#broker
    for (const partition of partitions.removeTopic(topic.topicId)) {
      logs.deleteLog(partition.log.topicPartition)
      this.#broker.changed(partition)
    }
    this.#broker.groups.removeTopic(topic)
    hooks.emit('topicDeleted', { topic: topic.name, topicId: topic.topicId })
  }

  #reconfigure(delta: MetadataDelta): void {
    const { configs, metadata, partitions } = this.#broker
    const changed = [...delta.changedConfigs.values()]
    const ofBroker = changed.some((resource) => configs.concerns(resource))
    if (ofBroker) {
      configs.update(metadata.image)
      reportCordonedLogDirs(this.#broker).catch((error: unknown) =>
        this.#broker.logger.warn('cordoned log directories could not be reported', { error }),
      )
    }
    const topics = new Set(changed.filter(({ type }) => type === configResourceTypes.TOPIC).map(({ name }) => name))
    if (!ofBroker && topics.size === 0) return
    for (const partition of partitions.all()) {
      if (!ofBroker && !topics.has(partition.topic)) continue
      partition.log.reconfigure(logConfigOf(configs.topic(partition.topic, metadata.image)))
      const registration = metadata.image.topics.byId(partition.topicId)?.partitions.get(partition.index)
      if (registration !== undefined) partition.update(registration, this.#minInSyncReplicas(partition.topic))
    }
  }

  #minInSyncReplicas(topic: string): number {
    return this.#broker.configs.topic(topic, this.#broker.metadata.image).minInsyncReplicas
  }
}

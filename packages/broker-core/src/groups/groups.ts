import type { CoordinatorContext, CoordinatorResult, GroupCoordinatorState } from '@odradek/coordinator'
import { onTopicsDeleted } from '@odradek/coordinator'
import { type ErrorName, randomUuid } from '@odradek/protocol'
import type { MetadataDelta, TopicImage } from '@odradek/quorum'
import { type GroupPartitionAssignor, rangeGroupAssignor, uniformGroupAssignor } from '@odradek/strategies'
import type { Broker } from '../broker.ts'
import type { Partition } from '../partitions/partition.ts'
import { CoordinatorTopics } from './coordinator-topics.ts'
import { GroupConfigsCache } from './group-configs-cache.ts'
import { type GroupOperation, GroupPartition } from './group-partition.ts'
import { newMemberUuid } from './member-uuid.ts'
import { createOffsetsTopic, offsetsTopic } from './offsets-topic.ts'
import { partitionForKey } from './partition-for.ts'

/**
 * The group coordinators of a broker: one for each partition of `__consumer_offsets` that it leads, from when it leads it. The
 * topic is made when the first client asks for a coordinator.
 */
export class Groups {
  readonly #broker: Broker
  readonly #partitions = new Map<number, GroupPartition>()
  readonly #topics: CoordinatorTopics
  readonly #configs: GroupConfigsCache
  #assignors: { readonly names: readonly string[]; readonly byName: ReadonlyMap<string, GroupPartitionAssignor> }
  #creation: Promise<ErrorName> | undefined

  constructor(broker: Broker) {
    this.#broker = broker
    const image = () => broker.metadata.image
    this.#topics = new CoordinatorTopics(image, broker.metadata.highWatermark)
    this.#configs = new GroupConfigsCache(broker.configs, image)
    this.#assignors = { names: [], byName: new Map() }
  }

  /** What coordinators may look at beside their state. */
  context(): CoordinatorContext {
    const { clock, configs, random } = this.#broker
    return {
      now: clock.now(),
      config: configs.broker,
      topics: this.#topics,
      assignors: this.#assignorsOf(configs.broker.groupConsumerAssignors),
      groupConfig: (groupId) => this.#configs.of(groupId),
      randomUuid: () => newMemberUuid(random),
      randomKafkaUuid: () => randomUuid((length) => random.nextBytes(length)),
    }
  }

  /** Takes note of metadata that was committed. */
  apply(delta: MetadataDelta): void {
    if (delta.changedConfigs.size > 0) this.#configs.clear()
    this.#topics.apply(delta, this.#broker.metadata.highWatermark)
  }

  /** The partition that keeps a group. */
  partitionFor(groupId: string): number {
    const topic = this.#broker.metadata.image.topics.byName(offsetsTopic)
    return partitionForKey(groupId, topic?.partitions.size ?? this.#broker.configs.broker.offsetsTopicNumPartitions)
  }

  /** Makes `__consumer_offsets` if it does not exist. */
  async ensureTopic(): Promise<ErrorName> {
    if (this.#broker.metadata.image.topics.byName(offsetsTopic) !== undefined) return 'NONE'
    this.#creation ??= createOffsetsTopic(this.#broker).finally(() => {
      this.#creation = undefined
    })
    return this.#creation
  }

  /** Asks the coordinator of a group. */
  run<Response>(groupId: string, operation: GroupOperation<Response>): Response | Promise<Response> {
    const partition = this.#partitions.get(this.partitionFor(groupId))
    return partition === undefined ? operation.failure('NOT_COORDINATOR') : partition.run(operation)
  }

  /** Asks every coordinator of this broker. */
  runAll<Response>(operation: GroupOperation<Response>): (Response | Promise<Response>)[] {
    return [...this.#partitions.values()].map((partition) => partition.run(operation))
  }

  /** A partition of this broker got another leader epoch: a coordinator begins or ends with it. */
  follow(partition: Partition): void {
    if (partition.topic !== offsetsTopic) return
    const former = this.#partitions.get(partition.index)
    if (former?.leaderEpoch === partition.leaderEpoch && partition.isLeader) return
    former?.close()
    this.#partitions.delete(partition.index)
    if (!partition.isLeader) return
    const coordinator = new GroupPartition(partition, this.#broker)
    this.#partitions.set(partition.index, coordinator)
    coordinator.load().catch((error: unknown) => {
      this.#broker.logger.error('a group coordinator could not be loaded', { partition: partition.index, error })
      coordinator.close()
    })
  }

  /** A topic was deleted, and what was committed for it has no meaning any more. */
  removeTopic({ name, topicId }: TopicImage): void {
    if (name === offsetsTopic) {
      this.close()
      return
    }
    this.#note((state) => onTopicsDeleted(state, [{ name, topicId }]))
  }

  /** Ends all coordinators. */
  close(): void {
    for (const partition of this.#partitions.values()) partition.close()
    this.#partitions.clear()
  }

  /** Configs are parsed anew only when they change, and so are these. */
  #assignorsOf(names: readonly string[]): ReadonlyMap<string, GroupPartitionAssignor> {
    if (this.#assignors.names !== names) this.#assignors = { names, byName: assignorsOf(names) }
    return this.#assignors.byName
  }

  #note(handle: (state: GroupCoordinatorState, context: CoordinatorContext) => CoordinatorResult<undefined>): void {
    for (const partition of this.#partitions.values()) partition.note(handle)
  }
}

const builtInAssignors = [uniformGroupAssignor(), rangeGroupAssignor()]

/** `group.consumer.assignors`: names of built-in assignors, or of Kafka's classes for them. */
function assignorsOf(names: readonly string[]): ReadonlyMap<string, GroupPartitionAssignor> {
  const assignors = new Map<string, GroupPartitionAssignor>()
  for (const name of names) {
    const assignor = builtInAssignors.find((candidate) => candidate.name === name || classOf(candidate.name) === name)
    if (assignor !== undefined) assignors.set(assignor.name, assignor)
  }
  return assignors.size > 0 ? assignors : new Map(builtInAssignors.map((assignor) => [assignor.name, assignor]))
}

function classOf(name: string): string {
  const simpleName = `${name.charAt(0).toUpperCase()}${name.slice(1)}Assignor`
  return `org.apache.kafka.coordinator.group.assignor.${simpleName}`
}

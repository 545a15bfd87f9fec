import type { CoordinatorContext, CoordinatorResult, GroupCoordinatorState } from '@odradek/coordinator'
import { onTopicsDeleted } from '@odradek/coordinator'
import type { ErrorName } from '@odradek/protocol'
import type { TopicImage } from '@odradek/quorum'
import type { Broker } from '../broker.ts'
import type { Partition } from '../partitions/partition.ts'
import { type GroupOperation, GroupPartition } from './group-partition.ts'
import { createOffsetsTopic, offsetsTopic } from './offsets-topic.ts'
import { partitionForKey } from './partition-for.ts'

/**
 * The group coordinators of a broker: one for each partition of `__consumer_offsets` that it leads, from when it leads it. The
 * topic is made when the first client asks for a coordinator.
 */
export class Groups {
  readonly #broker: Broker
  readonly #partitions = new Map<number, GroupPartition>()
  #creation: Promise<ErrorName> | undefined

  constructor(broker: Broker) {
    this.#broker = broker
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

  #note(handle: (state: GroupCoordinatorState, context: CoordinatorContext) => CoordinatorResult<undefined>): void {
    for (const partition of this.#partitions.values()) partition.note(handle)
  }
}

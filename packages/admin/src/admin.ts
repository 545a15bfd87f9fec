import type { ClientEvents, ConfigOptions } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import { type ClusterDescription, type DescribeClusterOptions, describeCluster } from './cluster/describe-cluster.ts'
import { type AdminOptions, adminConfigTable } from './config/admin-config.ts'
import type { adminConfigs } from './config/admin-configs.ts'
import { type AlterConfigsOptions, type ConfigChanges, incrementalAlterConfigs } from './configs/alter-configs.ts'
import type { ConfigResource, ConfigResourceType } from './configs/config-resource.ts'
import {
  type ConfigDescription,
  type DescribeConfigsOptions,
  describeConfigs,
  type WantedConfigs,
} from './configs/describe-configs.ts'
import { listConfigResources } from './configs/list-config-resources.ts'
import type { CallOptions } from './core/admin-call.ts'
import { AdminCore } from './core/admin-core.ts'
import type { Results } from './core/results.ts'
import type { TopicPartition } from './core/topic-partition.ts'
import { deleteGroups } from './groups/delete-groups.ts'
import {
  type ClassicGroupDescription,
  type DescribeGroupsOptions,
  describeClassicGroups,
} from './groups/describe-classic-groups.ts'
import { type ConsumerGroupDescription, describeConsumerGroups } from './groups/describe-consumer-groups.ts'
import {
  type GroupListing,
  type ListGroupsOptions,
  listConsumerGroups,
  listGroups,
  listGroupsByBroker,
} from './groups/list-groups.ts'
import { type RemoveMembersOptions, removeMembers } from './groups/remove-members.ts'
import { alterGroupOffsets, type NewGroupOffset } from './offsets/alter-group-offsets.ts'
import { deleteGroupOffsets } from './offsets/delete-group-offsets.ts'
import {
  type GroupOffsets,
  type ListGroupOffsetsOptions,
  listGroupOffsets,
  type WantedGroupOffsets,
} from './offsets/list-group-offsets.ts'
import { type DeletedRecords, deleteRecords, type RecordsToDelete } from './records/delete-records.ts'
import { type ListedOffset, type ListOffsetsOptions, listOffsets, type WantedOffset } from './records/list-offsets.ts'
import { createPartitions, type NewPartitions } from './topics/create-partitions.ts'
import { type CreatedTopic, type CreateOptions, createTopics, type NewTopic } from './topics/create-topics.ts'
import { type DeleteTopicsOptions, deleteTopics } from './topics/delete-topics.ts'
import { type DescribeTopicsOptions, describeTopics, type TopicDescription } from './topics/describe-topics.ts'
import { type ListTopicsOptions, listTopics, type TopicListing } from './topics/list-topics.ts'
import type { TopicSelection } from './topics/topic-selection.ts'

/**
 * Kafka's Admin: describes and changes a cluster. It connects with the first call; one of them serves a whole process. Every call takes
 * `timeoutMs` and `signal`; calls about many items resolve to `Results`, where the error of one item is its own.
 */
export class Admin implements AsyncDisposable {
  /** What the connections do, as typed events. */
  readonly hooks: Hooks<ClientEvents>
  readonly #core: AdminCore
  #closing: Promise<void> | undefined

  /** @throws ConfigError for options that are unknown, out of range, missing or contradict each other */
  constructor(options: AdminOptions) {
    this.#core = new AdminCore(options)
    this.hooks = this.#core.hooks
  }

  /** Options from Kafka's `.properties` format, as text or already taken apart: `new Admin(Admin.fromProperties(text))`. @throws ConfigError */
  static fromProperties(properties: string | Readonly<Record<string, string>>): ConfigOptions<typeof adminConfigs> {
    return adminConfigTable.fromProperties(properties)
  }

  /** Takes no more calls, waits for those under way for at most `timeoutMs` (without bound when left out), then closes all connections. */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#core.close(options.timeoutMs)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Makes topics. */
  createTopics(topics: Iterable<NewTopic>, options?: CreateOptions): Promise<Results<CreatedTopic>> {
    return createTopics(this.#core, topics, options)
  }

  /** Deletes topics, by name or by `{ topicIds }`. */
  deleteTopics(topics: TopicSelection, options?: DeleteTopicsOptions): Promise<Results<null>> {
    return deleteTopics(this.#core, topics, options)
  }

  /** The topics that the user may see, sorted by name. */
  listTopics(options?: ListTopicsOptions): Promise<readonly TopicListing[]> {
    return listTopics(this.#core, options)
  }

  /** Topics with their partitions, by name or by `{ topicIds }`. */
  describeTopics(topics: TopicSelection, options?: DescribeTopicsOptions): Promise<Results<TopicDescription>> {
    return describeTopics(this.#core, topics, options)
  }

  /** Adds partitions to topics. */
  createPartitions(topics: Iterable<NewPartitions>, options?: CreateOptions): Promise<Results<null>> {
    return createPartitions(this.#core, topics, options)
  }

  /** Deletes the oldest records of partitions. */
  deleteRecords(records: Iterable<RecordsToDelete>, options?: CallOptions): Promise<Results<DeletedRecords>> {
    return deleteRecords(this.#core, records, options)
  }

  /** Offsets of partitions: earliest, latest, by timestamp and so on. */
  listOffsets(offsets: Iterable<WantedOffset>, options?: ListOffsetsOptions): Promise<Results<ListedOffset>> {
    return listOffsets(this.#core, offsets, options)
  }

  /** Configs of topics, brokers, groups and so on; the names of the results are `TOPIC:orders`. */
  describeConfigs(
    resources: Iterable<WantedConfigs>,
    options?: DescribeConfigsOptions,
  ): Promise<Results<ConfigDescription>> {
    return describeConfigs(this.#core, resources, options)
  }

  /** Alters configs, leaving alone those that are not named. */
  incrementalAlterConfigs(resources: Iterable<ConfigChanges>, options?: AlterConfigsOptions): Promise<Results<null>> {
    return incrementalAlterConfigs(this.#core, resources, options)
  }

  /** Resources that have configs, of some types or of all. */
  listConfigResources(
    types: Iterable<ConfigResourceType> = [],
    options?: CallOptions,
  ): Promise<readonly ConfigResource[]> {
    return listConfigResources(this.#core, types, options)
  }

  /** Id and nodes of the cluster. */
  describeCluster(options?: DescribeClusterOptions): Promise<ClusterDescription> {
    return describeCluster(this.#core, options)
  }

  /** All groups. @throws KafkaError when a broker does not tell its own */
  listGroups(options?: ListGroupsOptions): Promise<readonly GroupListing[]> {
    return listGroups(this.#core, options)
  }

  /** The groups of every broker, by the id of the broker, so that those of the others are seen when one does not answer. */
  listGroupsByBroker(options?: ListGroupsOptions): Promise<Results<readonly GroupListing[], number>> {
    return listGroupsByBroker(this.#core, options)
  }

  /** Groups of consumers of either protocol, and groups that only have offsets. */
  listConsumerGroups(options?: Omit<ListGroupsOptions, 'protocolTypes'>): Promise<readonly GroupListing[]> {
    return listConsumerGroups(this.#core, options)
  }

  /** Groups of consumers of either protocol. */
  describeConsumerGroups(
    groupIds: Iterable<string>,
    options?: DescribeGroupsOptions,
  ): Promise<Results<ConsumerGroupDescription>> {
    return describeConsumerGroups(this.#core, groupIds, options)
  }

  /** Groups of the classic protocol, whatever their members are. */
  describeClassicGroups(
    groupIds: Iterable<string>,
    options?: DescribeGroupsOptions,
  ): Promise<Results<ClassicGroupDescription>> {
    return describeClassicGroups(this.#core, groupIds, options)
  }

  /** Deletes groups of consumers that have no members, with their offsets. */
  deleteConsumerGroups(groupIds: Iterable<string>, options?: CallOptions): Promise<Results<null>> {
    return deleteGroups(this.#core, { name: 'deleteConsumerGroups', groupIds }, options)
  }

  /** Offsets that groups of consumers have committed, by the names of groups and then of partitions. */
  listConsumerGroupOffsets(
    groups: Iterable<string | WantedGroupOffsets>,
    options?: ListGroupOffsetsOptions,
  ): Promise<Results<GroupOffsets>> {
    return listGroupOffsets(this.#core, { name: 'listConsumerGroupOffsets', groups }, options)
  }

  /** Commits offsets for a group that has no members. */
  alterConsumerGroupOffsets(
    groupId: string,
    offsets: Iterable<NewGroupOffset>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return alterGroupOffsets(this.#core, { name: 'alterConsumerGroupOffsets', groupId, offsets }, options)
  }

  /** Deletes offsets of a group, of topics that it does not subscribe to. */
  deleteConsumerGroupOffsets(
    groupId: string,
    partitions: Iterable<TopicPartition>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return deleteGroupOffsets(this.#core, { name: 'deleteConsumerGroupOffsets', groupId, partitions }, options)
  }

  /** Removes members from a classic group; all of them unless some are named. The names of the results are instance ids or member ids. */
  removeMembersFromConsumerGroup(groupId: string, options?: RemoveMembersOptions): Promise<Results<null>> {
    return removeMembers(this.#core, groupId, options)
  }
}

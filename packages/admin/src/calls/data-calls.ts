import { type AlterConfigsOptions, type ConfigChanges, incrementalAlterConfigs } from '../configs/alter-configs.ts'
import type { ConfigResource, ConfigResourceType } from '../configs/config-resource.ts'
import {
  type ConfigDescription,
  type DescribeConfigsOptions,
  describeConfigs,
  type WantedConfigs,
} from '../configs/describe-configs.ts'
import { listConfigResources } from '../configs/list-config-resources.ts'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import type { Results } from '../core/results.ts'
import type { TopicPartition } from '../core/topic-partition.ts'
import { type BrokerLogDirs, describeLogDirs } from '../log-dirs/describe-log-dirs.ts'
import {
  alterReplicaLogDirs,
  describeReplicaLogDirs,
  type ReplicaLogDirInfo,
  type ReplicaMove,
  type TopicPartitionReplica,
} from '../log-dirs/replica-log-dirs.ts'
import {
  type DescribeProducersOptions,
  describeProducers,
  type PartitionProducers,
} from '../partitions/describe-producers.ts'
import { type ElectionType, electLeaders } from '../partitions/elect-leaders.ts'
import {
  type AlterReassignmentsOptions,
  alterPartitionReassignments,
  listPartitionReassignments,
  type NewPartitionReassignment,
  type PartitionReassignment,
} from '../partitions/reassignments.ts'
import { type DeletedRecords, deleteRecords, type RecordsToDelete } from '../records/delete-records.ts'
import { type ListedOffset, type ListOffsetsOptions, listOffsets, type WantedOffset } from '../records/list-offsets.ts'
import { createPartitions, type NewPartitions } from '../topics/create-partitions.ts'
import { type CreatedTopic, type CreateOptions, createTopics, type NewTopic } from '../topics/create-topics.ts'
import { type DeleteTopicsOptions, deleteTopics } from '../topics/delete-topics.ts'
import { type DescribeTopicsOptions, describeTopics, type TopicDescription } from '../topics/describe-topics.ts'
import { type ListTopicsOptions, listTopics, type TopicListing } from '../topics/list-topics.ts'
import type { TopicSelection } from '../topics/topic-selection.ts'

/** What Admin does with topics, partitions, their configs, records and files. */
export abstract class DataCalls {
  protected readonly core: AdminCore

  constructor(core: AdminCore) {
    this.core = core
  }

  /** Makes topics. */
  createTopics(topics: Iterable<NewTopic>, options?: CreateOptions): Promise<Results<CreatedTopic>> {
    return createTopics(this.core, topics, options)
  }

  /** Deletes topics, by name or by `{ topicIds }`. */
  deleteTopics(topics: TopicSelection, options?: DeleteTopicsOptions): Promise<Results<null>> {
    return deleteTopics(this.core, topics, options)
  }

  /** The topics that the user may see, sorted by name. */
  listTopics(options?: ListTopicsOptions): Promise<readonly TopicListing[]> {
    return listTopics(this.core, options)
  }

  /** Topics with their partitions, by name or by `{ topicIds }`. */
  describeTopics(topics: TopicSelection, options?: DescribeTopicsOptions): Promise<Results<TopicDescription>> {
    return describeTopics(this.core, topics, options)
  }

  /** Adds partitions to topics. */
  createPartitions(topics: Iterable<NewPartitions>, options?: CreateOptions): Promise<Results<null>> {
    return createPartitions(this.core, topics, options)
  }

  /** Deletes the oldest records of partitions. */
  deleteRecords(records: Iterable<RecordsToDelete>, options?: CallOptions): Promise<Results<DeletedRecords>> {
    return deleteRecords(this.core, records, options)
  }

  /** Offsets of partitions: earliest, latest, by timestamp and so on. */
  listOffsets(offsets: Iterable<WantedOffset>, options?: ListOffsetsOptions): Promise<Results<ListedOffset>> {
    return listOffsets(this.core, offsets, options)
  }

  /** Configs of topics, brokers, groups and so on; the names of the results are `TOPIC:orders`. */
  describeConfigs(
    resources: Iterable<WantedConfigs>,
    options?: DescribeConfigsOptions,
  ): Promise<Results<ConfigDescription>> {
    return describeConfigs(this.core, resources, options)
  }

  /** Alters configs, leaving alone those that are not named. */
  incrementalAlterConfigs(resources: Iterable<ConfigChanges>, options?: AlterConfigsOptions): Promise<Results<null>> {
    return incrementalAlterConfigs(this.core, resources, options)
  }

  /** Resources that have configs, of some types or of all. */
  listConfigResources(
    types: Iterable<ConfigResourceType> = [],
    options?: CallOptions,
  ): Promise<readonly ConfigResource[]> {
    return listConfigResources(this.core, types, options)
  }

  /** Moves replicas between the log directories of their brokers; the names of the results are `orders-0-1`, the broker last. */
  alterReplicaLogDirs(moves: Iterable<ReplicaMove>, options?: CallOptions): Promise<Results<null>> {
    return alterReplicaLogDirs(this.core, moves, options)
  }

  /** The log directories of brokers, by broker id and path. */
  describeLogDirs(brokerIds: Iterable<number>, options?: CallOptions): Promise<Results<BrokerLogDirs, number>> {
    return describeLogDirs(this.core, brokerIds, options)
  }

  /** The log directories of replicas; the names of the results are `orders-0-1`, the broker last. */
  describeReplicaLogDirs(
    replicas: Iterable<TopicPartitionReplica>,
    options?: CallOptions,
  ): Promise<Results<ReplicaLogDirInfo>> {
    return describeReplicaLogDirs(this.core, replicas, options)
  }

  /** Elects leaders, of some partitions or of all that need it. A partition that needs none has the error ELECTION_NOT_NEEDED. */
  electLeaders(
    type: ElectionType,
    partitions?: Iterable<TopicPartition>,
    options?: CallOptions,
  ): Promise<Results<null>> {
    return electLeaders(this.core, { type, partitions }, options)
  }

  /** Begins moves of partitions to other brokers, and with `replicas: null` cancels them. */
  alterPartitionReassignments(
    reassignments: Iterable<NewPartitionReassignment>,
    options?: AlterReassignmentsOptions,
  ): Promise<Results<null>> {
    return alterPartitionReassignments(this.core, reassignments, options)
  }

  /** Partitions that are being moved, of some or of all, by their names. */
  listPartitionReassignments(
    partitions?: Iterable<TopicPartition>,
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, PartitionReassignment>> {
    return listPartitionReassignments(this.core, partitions, options)
  }

  /** Producers that brokers remember, by partition. */
  describeProducers(
    partitions: Iterable<TopicPartition>,
    options?: DescribeProducersOptions,
  ): Promise<Results<PartitionProducers>> {
    return describeProducers(this.core, partitions, options)
  }

  /** Resources that have metrics subscriptions of clients, by name. */
  async listClientMetricsResources(options?: CallOptions): Promise<readonly string[]> {
    return (await listConfigResources(this.core, ['CLIENT_METRICS'], options)).map(({ name }) => name)
  }
}

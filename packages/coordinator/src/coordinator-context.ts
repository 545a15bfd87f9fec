import type { GroupPartitionAssignor } from '@odradek/strategies'
import type { TopicDescription } from './hash/metadata-hash.ts'
import type { ReplyId } from './result.ts'

/** The broker's configs that coordinators read, with Kafka's names in camelCase. */
export interface GroupCoordinatorConfig {
  readonly groupInitialRebalanceDelayMs: number
  readonly groupMinSessionTimeoutMs: number
  readonly groupMaxSessionTimeoutMs: number
  readonly groupMaxSize: number
  readonly groupConsumerMaxSize: number
  readonly groupConsumerMigrationPolicy: string
  readonly groupConsumerRegexRefreshIntervalMs: number
  readonly offsetMetadataMaxBytes: number
  readonly offsetsRetentionMinutes: number
  readonly offsetsRetentionCheckIntervalMs: number
}

/** The configs of one group of the consumer protocol: its own, else the broker's. */
export interface ConsumerGroupConfig {
  readonly consumerSessionTimeoutMs: number
  readonly consumerHeartbeatIntervalMs: number
  readonly consumerAssignmentIntervalMs: number
}

/** A topic, with its hash. */
export interface TopicView extends TopicDescription {
  /** `topicHash` of the description. */
  readonly metadataHash: bigint
}

/** The topics of the cluster, as the broker knows them at present. */
export interface TopicsView {
  /** Grows with every change of a topic. */
  readonly version: number
  /** The version at which the newest topic was made. */
  readonly createdVersion: number
  byName(name: string): TopicView | undefined
  byId(topicId: string): TopicView | undefined
  /** The names of all topics. */
  names(): Iterable<string>
}

/** What an operation may look at beside the state and its request. */
export interface CoordinatorContext {
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  readonly config: GroupCoordinatorConfig
  readonly topics: TopicsView
  /** `group.consumer.assignors`, the default one first. */
  readonly assignors: ReadonlyMap<string, GroupPartitionAssignor>
  groupConfig(groupId: string): ConsumerGroupConfig
  /** A fresh random UUID as Java prints it, for member ids. */
  randomUuid(): string
  /** A fresh random id as Kafka prints it, for member ids of the consumer protocol. */
  randomKafkaUuid(): string
}

/** Who asks. */
export interface Requester {
  readonly apiVersion: number
  readonly clientId: string
  /** As Java prints an address: `/127.0.0.1`. */
  readonly clientHost: string
  /** Under which the answer is given when it comes later. */
  readonly reply: ReplyId
}

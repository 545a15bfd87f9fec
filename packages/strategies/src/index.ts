export type {
  Assignment,
  Assignor,
  ClusterView,
  ConsumerGroupMetadata,
  GroupSubscription,
  RebalanceProtocol,
  Subscription,
} from './assignors/assignor.ts'
export {
  consumerProtocolType,
  consumerProtocolVersion,
  decodeAssignment,
  decodeSubscription,
  type EncodableSubscription,
  encodeAssignment,
  encodeSubscription,
} from './assignors/consumer-protocol.ts'
export { cooperativeStickyAssignor } from './assignors/cooperative-sticky-assignor.ts'
export { rangeAssignor } from './assignors/range-assignor.ts'
export { roundRobinAssignor } from './assignors/round-robin-assignor.ts'
export {
  decodeStickyUserData,
  encodeStickyUserData,
  type StickyUserData,
} from './assignors/sticky/sticky-user-data.ts'
export { stickyAssignor } from './assignors/sticky-assignor.ts'
export {
  type GroupAssignment,
  type GroupMemberSpec,
  type GroupPartitionAssignor,
  type GroupSpec,
  PartitionAssignorError,
  type PartitionsByTopicId,
  type SubscribedTopicDescriber,
  type SubscriptionType,
} from './group-assignors/group-partition-assignor.ts'
export { rangeGroupAssignor } from './group-assignors/range-group-assignor.ts'
export { uniformGroupAssignor } from './group-assignors/uniform-group-assignor.ts'
export { consistentRandomPartitioner } from './partitioners/consistent-random-partitioner.ts'
export { defaultPartitioner } from './partitioners/default-partitioner.ts'
export { murmur2RandomPartitioner } from './partitioners/murmur2-random-partitioner.ts'
export { partitionForKey } from './partitioners/partition-for-key.ts'
export {
  type AppendedRecord,
  createPartitioner,
  type Partitioner,
  type PartitionerContext,
  type PartitionerFactory,
  type PartitionFunction,
  type TopicView,
} from './partitioners/partitioner.ts'
export { randomPartitioner } from './partitioners/random-partitioner.ts'
export { roundRobinPartitioner } from './partitioners/round-robin-partitioner.ts'
export { type StickyPartitioner, uniformStickyPartitioner } from './partitioners/uniform-sticky-partitioner.ts'
export type { Random } from './random.ts'
export { compareTopicPartitions, type TopicPartition } from './topic-partition.ts'

export { ConfigError, KafkaError } from '@odradek/client'
export type { AclBinding, AclFilter, NewAcl } from './acls/acl-binding.ts'
export type { AclOperation, AclPatternType, AclPermissionType, AclResourceType } from './acls/acl-names.ts'
export type { DeletedAcls } from './acls/acls.ts'
export { Admin } from './admin.ts'
export type { ClusterDescription, ClusterNode, DescribeClusterOptions } from './cluster/describe-cluster.ts'
export type {
  DescribeFeaturesOptions,
  FeatureMetadata,
  FeatureUpdate,
  FinalizedVersionRange,
  ServedApi,
  SupportedVersionRange,
  UpdateFeaturesOptions,
} from './cluster/features.ts'
export { type AdminConfig, type AdminOptions, adminConfigTable } from './config/admin-config.ts'
export type { adminConfigs } from './config/admin-configs.ts'
export type { AlterConfigsOptions, ConfigChanges } from './configs/alter-configs.ts'
export type { ConfigEntry, ConfigSource, ConfigSynonym, ConfigType } from './configs/config-entry.ts'
export { type ConfigResource, type ConfigResourceType, configResourceName } from './configs/config-resource.ts'
export type { ConfigDescription, DescribeConfigsOptions, WantedConfigs } from './configs/describe-configs.ts'
export type { CallOptions } from './core/admin-call.ts'
export { kafkaExceptionMessage, kafkaExceptionName } from './core/kafka-exceptions.ts'
export { onlyValue, type Result, type Results, valuesOf } from './core/results.ts'
export { parsePartitionName, partitionName, type TopicPartition } from './core/topic-partition.ts'
export type {
  ClassicGroupDescription,
  ClassicMemberDescription,
  DescribeGroupsOptions,
} from './groups/describe-classic-groups.ts'
export type { ConsumerGroupDescription, ConsumerGroupMember } from './groups/describe-consumer-groups.ts'
export type { ShareGroupDescription, ShareGroupMember } from './groups/describe-share-groups.ts'
export type {
  DescribeStreamsGroupsOptions,
  StreamsAssignment,
  StreamsGroupDescription,
  StreamsGroupMember,
  StreamsSubtopology,
  StreamsTaskOffset,
  StreamsTasks,
  StreamsTopic,
} from './groups/describe-streams-groups.ts'
export type { Coordinator } from './groups/group-member.ts'
export type { GroupState, GroupType } from './groups/group-state.ts'
export type { GroupListing, ListGroupsOptions } from './groups/list-groups.ts'
export type { RemoveMembersOptions } from './groups/remove-members.ts'
export type { BrokerLogDirs, LogDirDescription, LogDirReplica } from './log-dirs/describe-log-dirs.ts'
export {
  type ReplicaLogDirInfo,
  type ReplicaMove,
  replicaName,
  type TopicPartitionReplica,
} from './log-dirs/replica-log-dirs.ts'
export type { NewGroupOffset } from './offsets/alter-group-offsets.ts'
export type {
  CommittedOffset,
  GroupOffsets,
  ListGroupOffsetsOptions,
  WantedGroupOffsets,
} from './offsets/list-group-offsets.ts'
export type { NewShareGroupOffset, ShareGroupOffsets, SharePartitionOffset } from './offsets/share-group-offsets.ts'
export type { DescribeProducersOptions, PartitionProducers, ProducerState } from './partitions/describe-producers.ts'
export type { ElectionType } from './partitions/elect-leaders.ts'
export type {
  AlterReassignmentsOptions,
  NewPartitionReassignment,
  PartitionReassignment,
} from './partitions/reassignments.ts'
export type { QuorumInfo, QuorumReplica, RaftVoterEndpoint } from './quorum/describe-quorum.ts'
export type { NewRaftVoter, RaftVoter, RaftVoterOptions } from './quorum/raft-voters.ts'
export type { DeletedRecords, RecordsToDelete } from './records/delete-records.ts'
export type { ListedOffset, ListOffsetsOptions, OffsetSpec, WantedOffset } from './records/list-offsets.ts'
export type { CreateTokenOptions, DelegationToken, Principal } from './tokens/delegation-tokens.ts'
export type { NewPartitions } from './topics/create-partitions.ts'
export type { CreatedTopic, CreateOptions, NewTopic } from './topics/create-topics.ts'
export type { DeleteTopicsOptions } from './topics/delete-topics.ts'
export type { DescribeTopicsOptions, TopicDescription, TopicPartitionInfo } from './topics/describe-topics.ts'
export type { ListTopicsOptions, TopicListing } from './topics/list-topics.ts'
export type { TopicSelection } from './topics/topic-selection.ts'
export type {
  ListTransactionsOptions,
  TransactionDescription,
  TransactionListing,
  TransactionState,
} from './transactions/describe-transactions.ts'
export type { FencedProducer, HangingTransaction } from './transactions/end-transactions.ts'
export type {
  AlterQuotasOptions,
  ClientQuotas,
  QuotaChanges,
  QuotaEntity,
  QuotaEntityType,
  QuotaFilter,
} from './users/client-quotas.ts'
export type {
  ScramAlteration,
  ScramCredential,
  ScramMechanismName,
  UserScramCredentials,
} from './users/scram-credentials.ts'

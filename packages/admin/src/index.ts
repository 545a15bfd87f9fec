export { ConfigError, KafkaError } from '@odradek/client'
export type { AclOperation, AclPatternType, AclPermissionType, AclResourceType } from './acls/acl-names.ts'
export { Admin } from './admin.ts'
export type { ClusterDescription, ClusterNode, DescribeClusterOptions } from './cluster/describe-cluster.ts'
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
export type { Coordinator } from './groups/group-member.ts'
export type { GroupState, GroupType } from './groups/group-state.ts'
export type { GroupListing, ListGroupsOptions } from './groups/list-groups.ts'
export type { RemoveMembersOptions } from './groups/remove-members.ts'
export type { NewGroupOffset } from './offsets/alter-group-offsets.ts'
export type {
  CommittedOffset,
  GroupOffsets,
  ListGroupOffsetsOptions,
  WantedGroupOffsets,
} from './offsets/list-group-offsets.ts'
export type { DeletedRecords, RecordsToDelete } from './records/delete-records.ts'
export type { ListedOffset, ListOffsetsOptions, OffsetSpec, WantedOffset } from './records/list-offsets.ts'
export type { NewPartitions } from './topics/create-partitions.ts'
export type { CreatedTopic, CreateOptions, NewTopic } from './topics/create-topics.ts'
export type { DeleteTopicsOptions } from './topics/delete-topics.ts'
export type { DescribeTopicsOptions, TopicDescription, TopicPartitionInfo } from './topics/describe-topics.ts'
export type { ListTopicsOptions, TopicListing } from './topics/list-topics.ts'
export type { TopicSelection } from './topics/topic-selection.ts'

export { bootstrapRecords, initialFeatures } from './bootstrap-records.ts'
export { allocateProducerIds, producerIdBlockSize } from './controller/allocate-producer-ids.ts'
export { incrementalAlterConfigs, legacyAlterConfigs } from './controller/alter-configs.ts'
export { alterPartition } from './controller/alter-partition.ts'
export { type BrokerChange, partitionChangesFor } from './controller/change-partition.ts'
export { createPartitions } from './controller/create-partitions.ts'
export { createTopics } from './controller/create-topics.ts'
export { deleteTopics } from './controller/delete-topics.ts'
export { directoryIds } from './controller/new-partition.ts'
export { type ApiError, type ControllerContext, type ControllerResult, noError } from './controller/operation.ts'
export {
  beginControlledShutdown,
  cordonLogDirs,
  fenceBroker,
  registerBroker,
  registerController,
  unfenceBroker,
} from './controller/register-broker.ts'
export { isInternalTopic, topicNameProblem, unifiedTopicName } from './controller/topic-name.ts'
export { updateFeatures } from './controller/update-features.ts'
export type { BrokerRegistration, ClusterImage } from './image/cluster-image.ts'
export { type ConfigResource, type ConfigsImage, configResourceTypes } from './image/configs-image.ts'
export type { FeaturesImage } from './image/features-image.ts'
export { MetadataDelta } from './image/metadata-delta.ts'
export { MetadataImage } from './image/metadata-image.ts'
export type { PartitionRegistration, TopicImage, TopicsImage } from './image/topics-image.ts'
export {
  type BatchPlace,
  type ControlRecord,
  encodeControlBatch,
  encodeMetadataBatch,
  type ReadMetadataBatch,
  readMetadataBatches,
} from './metadata-batches.ts'
export {
  type ControlRecordType,
  controlRecordKey,
  controlRecordTypeOf,
  encodeSnapshot,
  parseSnapshotFileName,
  type SnapshotId,
  snapshotFileName,
} from './metadata-snapshot.ts'
export {
  type FeatureRange,
  latestMetadataVersion,
  metadataVersions,
  type RecordVersions,
  recordVersionsAt,
  supportedFeatures,
} from './metadata-version.ts'
export { type KraftVersion, readQuorumState, writeQuorumState } from './raft/quorum-state-file.ts'
export {
  type ElectionState,
  electionStateOf,
  initialState,
  type Leader,
  type RaftState,
  type ReplicaProgress,
  type Vote,
  type Voter,
} from './raft/raft-state.ts'
export { type RaftTransition, raftTransitions } from './raft/raft-transitions.ts'
export { grantsVote, type RaftContext, type RaftEvent, stepRaft, type VoteAnswer, withVote } from './raft/step-raft.ts'

export type { ClassicGroup, ClassicMember, ClassicProtocol } from './classic/classic-group.ts'
export {
  type ClassicState,
  type ClassicTransition,
  classicAnswers,
  classicTransitions,
} from './classic/classic-transitions.ts'
export { heartbeat } from './classic/heartbeat.ts'
export { joinGroup } from './classic/join-group.ts'
export { leaveGroup } from './classic/leave-group.ts'
export { syncGroup } from './classic/sync-group.ts'
export { ConsumerGroup, type ConsumerGroupState } from './consumer/consumer-group.ts'
export { consumerGroupHeartbeat } from './consumer/consumer-heartbeat.ts'
export {
  type ConsumerMember,
  type MemberState,
  type MemberTransition,
  memberTransitions,
} from './consumer/consumer-member.ts'
export { describeConsumerGroup } from './consumer/describe-consumer-group.ts'
export type {
  ConsumerGroupConfig,
  CoordinatorContext,
  GroupCoordinatorConfig,
  Requester,
  TopicsView,
  TopicView,
} from './coordinator-context.ts'
export { deleteGroups } from './delete-groups.ts'
export { describeGroup, listGroups } from './describe-groups.ts'
export { type Group, GroupCoordinatorState, type ReplayPlace } from './group-coordinator-state.ts'
export { type TopicDescription, topicHash } from './hash/metadata-hash.ts'
export { commitOffsets, refusedCommit } from './offsets/commit-offsets.ts'
export type { CommittedOffset, CommittedOffsets } from './offsets/committed-offsets.ts'
export { deleteOffsets } from './offsets/delete-offsets.ts'
export { onTopicsDeleted } from './offsets/expire-offsets.ts'
export { fetchOffsets, type OffsetFetch } from './offsets/fetch-offsets.ts'
export { compileTopicPattern, type TopicPattern } from './regex/topic-pattern.ts'
export { responseError } from './response-error.ts'
export {
  answer,
  type ClassicGroupStep,
  type CoordinatorRecord,
  type CoordinatorResult,
  isWritten,
  type LaterReply,
  later,
  type ReplyId,
  type TimerChange,
  type TimerEvent,
} from './result.ts'
export { onLoaded, onTimer } from './timers.ts'

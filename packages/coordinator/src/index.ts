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
export type { CoordinatorContext, GroupCoordinatorConfig, Requester } from './coordinator-context.ts'
export { deleteGroups } from './delete-groups.ts'
export { describeGroup, listGroups } from './describe-groups.ts'
export { GroupCoordinatorState } from './group-coordinator-state.ts'
export { commitOffsets, refusedCommit } from './offsets/commit-offsets.ts'
export type { CommittedOffset, CommittedOffsets } from './offsets/committed-offsets.ts'
export { deleteOffsets } from './offsets/delete-offsets.ts'
export { onTopicsDeleted } from './offsets/expire-offsets.ts'
export { fetchOffsets, type OffsetFetch } from './offsets/fetch-offsets.ts'
export { responseError } from './response-error.ts'
export {
  answer,
  type ClassicGroupStep,
  type CoordinatorRecord,
  type CoordinatorResult,
  type LaterReply,
  later,
  type ReplyId,
  type TimerChange,
  type TimerEvent,
} from './result.ts'
export { onLoaded, onTimer } from './timers.ts'

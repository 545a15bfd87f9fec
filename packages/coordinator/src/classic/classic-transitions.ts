import type { ErrorName } from '@odradek/protocol'

/** The states of a classic group, with Kafka's names. `Dead` is a group that is not there. */
export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** One way from state to state, and what causes it. Tests walk the rows, documents print them. */
export interface ClassicTransition {
  readonly from: ClassicState
  readonly on: string
  readonly to: ClassicState
}

/** Every change of state of a classic group. */
export const classicTransitions = [
  { from: 'Dead', on: 'member without id joins, or offsets are committed without a generation', to: 'Empty' },
  { from: 'Empty', on: 'member joins', to: 'PreparingRebalance' },
  { from: 'PreparingRebalance', on: 'all members joined, or the time to join is over', to: 'CompletingRebalance' },
  { from: 'PreparingRebalance', on: 'no member is left', to: 'Empty' },
  { from: 'CompletingRebalance', on: 'leader sent the assignment', to: 'Stable' },
  { from: 'CompletingRebalance', on: 'member joins, leaves, fails or changes', to: 'PreparingRebalance' },
  { from: 'CompletingRebalance', on: 'time to sync is over', to: 'PreparingRebalance' },
  { from: 'Stable', on: 'member joins, leaves, fails or changes', to: 'PreparingRebalance' },
  { from: 'Stable', on: 'time to sync is over', to: 'PreparingRebalance' },
  { from: 'Empty', on: 'group is deleted or its offsets have expired', to: 'Dead' },
] as const satisfies readonly ClassicTransition[]

/** What a member of the current generation is answered in each state; `waits` is answered when the state is left. */
export const classicAnswers = {
  Dead: { join: 'UNKNOWN_MEMBER_ID', sync: 'UNKNOWN_MEMBER_ID', heartbeat: 'UNKNOWN_MEMBER_ID' },
  Empty: { join: 'UNKNOWN_MEMBER_ID', sync: 'UNKNOWN_MEMBER_ID', heartbeat: 'UNKNOWN_MEMBER_ID' },
  PreparingRebalance: { join: 'waits', sync: 'REBALANCE_IN_PROGRESS', heartbeat: 'REBALANCE_IN_PROGRESS' },
  CompletingRebalance: { join: 'NONE', sync: 'waits', heartbeat: 'NONE' },
  Stable: { join: 'NONE', sync: 'NONE', heartbeat: 'NONE' },
} as const satisfies Record<ClassicState, Record<'join' | 'sync' | 'heartbeat', ErrorName | 'waits'>>

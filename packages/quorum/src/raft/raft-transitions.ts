import type { RaftRole } from './raft-state.ts'

/** One way from role to role, and what causes it. Tests walk the rows, documents print them. */
export interface RaftTransition {
  readonly from: RaftRole
  readonly on: string
  readonly to: RaftRole
}

/** Every change of role that `stepRaft` makes. */
export const raftTransitions = [
  { from: 'unattached', on: 'election time-out', to: 'prospective' },
  { from: 'follower', on: 'election time-out', to: 'prospective' },
  { from: 'resigned', on: 'election time-out', to: 'prospective' },
  { from: 'prospective', on: 'majority of pre-votes', to: 'candidate' },
  { from: 'prospective', on: 'majority refused', to: 'unattached' },
  { from: 'candidate', on: 'majority of votes', to: 'leader' },
  { from: 'candidate', on: 'majority refused', to: 'prospective' },
  { from: 'candidate', on: 'election time-out', to: 'prospective' },
  { from: 'leader', on: 'resignation', to: 'resigned' },
  { from: 'unattached', on: 'leader heard of', to: 'follower' },
  { from: 'prospective', on: 'leader heard of', to: 'follower' },
  { from: 'candidate', on: 'leader heard of', to: 'follower' },
  { from: 'resigned', on: 'leader heard of', to: 'follower' },
  { from: 'follower', on: 'leader heard of', to: 'follower' },
  { from: 'leader', on: 'leader heard of', to: 'follower' },
  { from: 'unattached', on: 'higher epoch', to: 'unattached' },
  { from: 'prospective', on: 'higher epoch', to: 'unattached' },
  { from: 'candidate', on: 'higher epoch', to: 'unattached' },
  { from: 'leader', on: 'higher epoch', to: 'unattached' },
  { from: 'follower', on: 'higher epoch', to: 'unattached' },
  { from: 'resigned', on: 'higher epoch', to: 'unattached' },
] as const satisfies readonly RaftTransition[]

import { advanceReplica, becomeLeader } from './leader.ts'
import type { RaftState, Vote, Voter } from './raft-state.ts'

/** What happens to a replica. Epochs and offsets are Kafka's; `now` is milliseconds since the epoch. */
export type RaftEvent =
  | { readonly type: 'election-timeout'; readonly now: number }
  | ({ readonly type: 'vote-answer'; readonly now: number } & VoteAnswer)
  | { readonly type: 'leader-heard'; readonly epoch: number; readonly leaderId: number }
  | { readonly type: 'epoch-heard'; readonly epoch: number }
  | { readonly type: 'replica-advanced'; readonly now: number; readonly replica: Voter; readonly logEndOffset: number }
  | { readonly type: 'high-watermark-heard'; readonly highWatermark: number }
  | { readonly type: 'resign' }

/** What a voter answered to a Vote request, `preVote` telling which round. */
export interface VoteAnswer {
  readonly preVote: boolean
  readonly epoch: number
  readonly voterId: number
  readonly granted: boolean
}

/** What a replica is and has, beside its state. */
export interface RaftContext {
  readonly self: Voter
  readonly voters: readonly Voter[]
  /** Exclusive end of the replica's own log. */
  readonly logEndOffset: number
}

/**
 * The state after an event; pure. Who calls it makes the difference durable and visible: a changed `ElectionState` is written to
 * `quorum-state` before anything is answered, a new candidate or prospective asks the other voters, a new leader appends its
 * LeaderChange record at `epochStartOffset`, a moved high watermark commits records.
 */
export function stepRaft(state: RaftState, event: RaftEvent, context: RaftContext): RaftState {
  switch (event.type) {
    case 'election-timeout':
      return onElectionTimeout(state, event.now, context)
    case 'vote-answer':
      return onVoteAnswer(state, event, context)
    case 'leader-heard':
      return onLeaderHeard(state, event, context)
    case 'epoch-heard':
      return event.epoch > state.epoch ? unattached(event.epoch) : state
    case 'replica-advanced':
      return state.role === 'leader' ? advanceReplica(state, event, context) : state
    case 'high-watermark-heard':
      return state.role === 'follower' && event.highWatermark > (state.highWatermark ?? -1)
        ? { ...state, highWatermark: event.highWatermark }
        : state
    case 'resign':
      return state.role === 'leader' ? { role: 'resigned', epoch: state.epoch } : state
  }
}

/** True when a replica in `state` would vote for `candidate`, whose log ends at `lastEpoch` and `lastOffset`. */
export function grantsVote(
  state: RaftState,
  request: { readonly epoch: number; readonly candidate: Vote; readonly preVote: boolean },
  logs: { readonly candidateIsUpToDate: boolean },
): boolean {
  if (request.epoch < state.epoch) return false
  if (request.preVote) {
    // A follower that hears its leader refuses, so that a cut-off replica coming back disturbs nobody.
    if (state.role === 'leader') return false
    if (state.role === 'follower' && state.highWatermark !== null) return false
    return logs.candidateIsUpToDate
  }
  if (request.epoch > state.epoch) return logs.candidateIsUpToDate
  if (state.role !== 'unattached' && state.role !== 'prospective') return false
  if (state.vote !== null) return state.vote.id === request.candidate.id
  return state.leaderId === null && logs.candidateIsUpToDate
}

/** The state of a replica that has just given its vote; durable before the answer leaves. */
export function withVote(epoch: number, vote: Vote): RaftState {
  return { role: 'unattached', epoch, leaderId: null, vote }
}

function unattached(epoch: number): RaftState {
  return { role: 'unattached', epoch, leaderId: null, vote: null }
}

function onElectionTimeout(state: RaftState, now: number, context: RaftContext): RaftState {
  if (state.role === 'leader' || !isVoter(context)) return state
  const vote = 'vote' in state ? state.vote : state.role === 'candidate' ? context.self : null
  const leaderId = 'leaderId' in state ? state.leaderId : null
  const answers = new Map([[context.self.id, true]])
  return countAnswers({ role: 'prospective', epoch: state.epoch, leaderId, vote, answers }, now, context)
}

function onVoteAnswer(state: RaftState, answer: VoteAnswer & { now: number }, context: RaftContext): RaftState {
  if (answer.epoch > state.epoch) return unattached(answer.epoch)
  if (answer.epoch < state.epoch) return state
  if (state.role !== (answer.preVote ? 'prospective' : 'candidate')) return state
  if (!context.voters.some((voter) => voter.id === answer.voterId)) return state
  const answers = new Map(state.answers).set(answer.voterId, answer.granted)
  return countAnswers({ ...state, answers }, answer.now, context)
}

function onLeaderHeard(
  state: RaftState,
  heard: { readonly epoch: number; readonly leaderId: number },
  context: RaftContext,
): RaftState {
  if (heard.epoch < state.epoch || heard.leaderId === context.self.id) return state
  if (heard.epoch === state.epoch && (state.role === 'leader' || state.role === 'follower')) return state
  const vote = heard.epoch === state.epoch && 'vote' in state ? state.vote : null
  return { role: 'follower', epoch: heard.epoch, leaderId: heard.leaderId, vote, highWatermark: null }
}

/** Moves on once a majority has said yes, or can no longer say yes. */
function countAnswers(
  state: Extract<RaftState, { role: 'prospective' | 'candidate' }>,
  now: number,
  context: RaftContext,
): RaftState {
  const majority = Math.floor(context.voters.length / 2) + 1
  const granted = [...state.answers].filter(([, yes]) => yes).map(([id]) => id)
  const refused = state.answers.size - granted.length
  if (granted.length >= majority) {
    if (state.role === 'candidate') return becomeLeader(state.epoch, granted, { ...context, now })
    const answers = new Map([[context.self.id, true]])
    return countAnswers({ role: 'candidate', epoch: state.epoch + 1, answers }, now, context)
  }
  if (refused <= context.voters.length - majority) return state
  if (state.role === 'prospective') {
    return { role: 'unattached', epoch: state.epoch, leaderId: state.leaderId, vote: state.vote }
  }
  const answers = new Map([[context.self.id, true]])
  return { role: 'prospective', epoch: state.epoch, leaderId: null, vote: context.self, answers }
}

function isVoter(context: RaftContext): boolean {
  return context.voters.some((voter) => voter.id === context.self.id)
}

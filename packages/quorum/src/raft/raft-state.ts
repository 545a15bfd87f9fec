/**
 * What one replica of `__cluster_metadata` knows about its election (KIP-595, KIP-853, pre-vote of KIP-996).
 *
 * Unattached knows an epoch and perhaps a vote, and waits for a leader. When its election time-out passes it becomes prospective
 * and asks whether a vote could be won, without touching the epoch; a majority of "yes" makes it a candidate of the next epoch,
 * which has voted for itself; a majority of votes makes it the leader of that epoch. A follower knows the leader and fetches from it.
 * A leader that steps down is resigned until another epoch begins. A single voter walks the same way in one step each: it is the
 * majority.
 *
 * Invariants: the epoch never goes back; at most one vote an epoch, and it is durable before it is told; a leader appends a
 * LeaderChange record first, and nothing is committed before that record is.
 */
export type RaftState = Unattached | Prospective | Candidate | Leader | Follower | Resigned

export type RaftRole = RaftState['role']

/** A voter of the quorum: node id and, where the quorum is dynamic (kraft.version 1), the id of its directory. */
export interface Voter {
  readonly id: number
  readonly directoryId: string
}

/** The vote given in an epoch; part of the durable state. */
export interface Vote {
  readonly id: number
  readonly directoryId: string
}

/** Waits for a leader, or for its election time-out. */
export interface Unattached {
  readonly role: 'unattached'
  readonly epoch: number
  /** The leader of the epoch where one was heard of but is not followed (yet). */
  readonly leaderId: number | null
  readonly vote: Vote | null
}

/** Asks whether an election could be won (pre-vote, KIP-996). */
export interface Prospective {
  readonly role: 'prospective'
  readonly epoch: number
  readonly leaderId: number | null
  readonly vote: Vote | null
  readonly answers: ReadonlyMap<number, boolean>
}

/** Has voted for itself and asks for votes. */
export interface Candidate {
  readonly role: 'candidate'
  readonly epoch: number
  readonly answers: ReadonlyMap<number, boolean>
}

/** Leads the epoch: takes appends and counts what the voters have. */
export interface Leader {
  readonly role: 'leader'
  readonly epoch: number
  /** Offset of the LeaderChange record with which the epoch begins. */
  readonly epochStartOffset: number
  readonly grantingVoters: readonly number[]
  /** Every replica that was heard of, the leader's own log among them. */
  readonly replicas: ReadonlyMap<number, ReplicaProgress>
  /** Exclusive; null until the LeaderChange record is on a majority. */
  readonly highWatermark: number | null
}

/** Fetches from the leader it knows. */
export interface Follower {
  readonly role: 'follower'
  readonly epoch: number
  readonly leaderId: number
  readonly vote: Vote | null
  readonly highWatermark: number | null
}

/** Led until it stepped down or was restarted. */
export interface Resigned {
  readonly role: 'resigned'
  readonly epoch: number
}

/** How far a replica of the metadata log is, as `DescribeQuorum` tells it. Times are milliseconds since the epoch, -1 unknown. */
export interface ReplicaProgress {
  readonly id: number
  readonly directoryId: string
  readonly logEndOffset: number
  readonly lastFetchMs: number
  readonly lastCaughtUpMs: number
}

/** The part of the state that must be durable before it is told to anybody: the content of the `quorum-state` file. */
export interface ElectionState {
  readonly epoch: number
  readonly leaderId: number | null
  readonly vote: Vote | null
}

/** The durable part of a state. */
export function electionStateOf(state: RaftState, self: Voter): ElectionState {
  switch (state.role) {
    case 'unattached':
    case 'prospective':
    case 'follower':
      return { epoch: state.epoch, leaderId: state.leaderId, vote: state.vote }
    case 'candidate':
      return { epoch: state.epoch, leaderId: null, vote: self }
    case 'leader':
    case 'resigned':
      return { epoch: state.epoch, leaderId: self.id, vote: null }
  }
}

/**
 * Where a replica begins after a start. A restarted leader may not lead on: it resigns, since what it had not yet replicated may
 * be gone; a follower waits for its leader or the election time-out.
 */
export function initialState(election: ElectionState, self: Voter): RaftState {
  if (election.leaderId === self.id) return { role: 'resigned', epoch: election.epoch }
  return { role: 'unattached', epoch: election.epoch, leaderId: election.leaderId, vote: election.vote }
}

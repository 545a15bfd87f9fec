import type { Leader, ReplicaProgress, Voter } from './raft-state.ts'

/** The leader of `epoch`, whose own log is the only progress it knows so far. */
export function becomeLeader(
  epoch: number,
  grantingVoters: readonly number[],
  context: {
    readonly self: Voter
    readonly voters: readonly Voter[]
    readonly logEndOffset: number
    readonly now: number
  },
): Leader {
  const replicas = new Map<number, ReplicaProgress>(
    context.voters.map((voter) => [voter.id, { ...voter, logEndOffset: -1, lastFetchMs: -1, lastCaughtUpMs: -1 }]),
  )
  return {
    role: 'leader',
    epoch,
    epochStartOffset: context.logEndOffset,
    grantingVoters,
    replicas,
    highWatermark: null,
  }
}

/** The leader after a replica (itself included) is known to hold everything below `logEndOffset` durably. */
export function advanceReplica(
  leader: Leader,
  advanced: { readonly replica: Voter; readonly logEndOffset: number; readonly now: number },
  context: { readonly self: Voter; readonly voters: readonly Voter[]; readonly logEndOffset: number },
): Leader {
  const isSelf = advanced.replica.id === context.self.id
  const former = leader.replicas.get(advanced.replica.id)
  const caughtUp = advanced.logEndOffset >= context.logEndOffset
  const replicas = new Map(leader.replicas).set(advanced.replica.id, {
    ...advanced.replica,
    logEndOffset: advanced.logEndOffset,
    lastFetchMs: isSelf ? -1 : advanced.now,
    lastCaughtUpMs: isSelf ? -1 : caughtUp ? advanced.now : (former?.lastCaughtUpMs ?? -1),
  })
  const committed = committedOffset(replicas, context.voters)
  // Records of former epochs count only once a record of this epoch, its LeaderChange, is on a majority (Raft, section 5.4.2).
  const mayCommit = committed > leader.epochStartOffset && committed > (leader.highWatermark ?? -1)
  return { ...leader, replicas, highWatermark: mayCommit ? committed : leader.highWatermark }
}

/** The largest offset below which a majority of the voters holds everything. */
function committedOffset(replicas: ReadonlyMap<number, ReplicaProgress>, voters: readonly Voter[]): number {
  const ends = voters.map((voter) => replicas.get(voter.id)?.logEndOffset ?? -1).sort((a, b) => b - a)
  return ends[Math.floor(voters.length / 2)] ?? -1
}

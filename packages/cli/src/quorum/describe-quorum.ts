import type { Admin, QuorumInfo, QuorumReplica } from '@odradek/admin'
import type { ParsedArguments } from '../argparse/argument-parser.ts'
import type { CommandIo } from '../command/command-io.ts'
import { now } from '../command/now.ts'

const unknownId = 'AAAAAAAAAAAAAAAAAAAAAA'

/** `describe --status` */
export async function describeStatus(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const { clusterId } = await admin.describeCluster()
  const quorum = await admin.describeMetadataQuorum()
  if (given.has('json')) {
    await io.out(`${JSON.stringify({ clusterId, ...quorum, nodes: Object.fromEntries(quorum.nodes) }, null, 2)}\n`)
    return
  }
  const leader = leaderOf(quorum)
  const behind = [...quorum.voters, ...quorum.observers].reduce((most, replica) => {
    return replica.logEndOffset < most.logEndOffset ? replica : most
  }, leader)
  const lines = [
    ['ClusterId', clusterId],
    ['LeaderId', quorum.leaderId],
    ['LeaderEpoch', quorum.leaderEpoch],
    ['HighWatermark', quorum.highWatermark],
    ['MaxFollowerLag', leader.logEndOffset - behind.logEndOffset],
    ['MaxFollowerLagTimeMs', lagTimeMs(leader, behind)],
    ['CurrentVoters', replicasText(quorum, quorum.voters)],
    ['CurrentObservers', replicasText(quorum, quorum.observers)],
  ]
  await io.out(lines.map(([name, value]) => `${`${name}:`.padEnd(24)}${value}\n`).join(''))
}

/** `describe --replication` */
export async function describeReplication(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const quorum = await admin.describeMetadataQuorum()
  const leader = leaderOf(quorum)
  const isOther = ({ replicaId }: QuorumReplica) => replicaId !== quorum.leaderId
  const replicas = [
    { status: 'Leader', ...leader },
    ...quorum.voters.filter(isOther).map((replica) => ({ status: 'Follower', ...replica })),
    ...quorum.observers.map((replica) => ({ status: 'Observer', ...replica })),
  ]
  if (given.has('json')) {
    await io.out(`${JSON.stringify(replicas, null, 2)}\n`)
    return
  }
  const timeText = (timestamp: number | null) => {
    if (timestamp === null) return '-1'
    return given.has('human-readable') ? `${now() - timestamp} ms ago` : String(timestamp)
  }
  const titles = [
    'NodeId',
    'DirectoryId',
    'LogEndOffset',
    'Lag',
    'LastFetchTimestamp',
    'LastCaughtUpTimestamp',
    'Status',
  ]
  const rows = replicas.map((replica) => [
    String(replica.replicaId),
    replica.replicaDirectoryId ?? unknownId,
    String(replica.logEndOffset),
    String(leader.logEndOffset - replica.logEndOffset),
    timeText(replica.lastFetchTimestamp),
    timeText(replica.lastCaughtUpTimestamp),
    replica.status,
  ])
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)))
  const line = (cells: readonly string[]) => `${cells.map((cell, at) => `${cell.padEnd(widths[at]!)}\t`).join('')}\n`
  await io.out([titles, ...rows].map(line).join(''))
}

function leaderOf({ leaderId, voters }: QuorumInfo): QuorumReplica {
  const leader = voters.find(({ replicaId }) => replicaId === leaderId)
  if (leader === undefined) throw new Error('No value present')
  return leader
}

function lagTimeMs(leader: QuorumReplica, behind: QuorumReplica): number {
  if (behind === leader) return 0
  if (leader.lastCaughtUpTimestamp === null || behind.lastCaughtUpTimestamp === null) return -1
  return leader.lastCaughtUpTimestamp - behind.lastCaughtUpTimestamp
}

function replicasText({ nodes }: QuorumInfo, replicas: readonly QuorumReplica[]): string {
  const texts = replicas.map(({ replicaId, replicaDirectoryId }) => {
    const endpoints = (nodes.get(replicaId) ?? []).map(({ name, host, port }) => {
      return `"${name}://${host.includes(':') ? `[${host}]` : host}:${port}"`
    })
    const directory = replicaDirectoryId === null ? '' : `, "directoryId": "${replicaDirectoryId}"`
    const where = endpoints.length === 0 ? '' : `, "endpoints": [${endpoints.join(', ')}]`
    return `{"id": ${replicaId}${directory}${where}}`
  })
  return `[${texts.join(', ')}]`
}

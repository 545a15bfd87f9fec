import type { PartitionChangeRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { configResourceTypes } from '../image/configs-image.ts'
import type { PartitionRegistration, TopicImage } from '../image/topics-image.ts'
import { recordVersionsAt } from '../metadata-version.ts'
import type { ControllerContext } from './operation.ts'

/**
 * How a partition follows the brokers: who is in sync, who leads, and who could lead though the in-sync set is empty (eligible
 * leader replicas, KIP-966). The rules are those of Kafka's PartitionChangeBuilder:
 *
 * - A leader comes from the in-sync replicas in the order of assignment. When none is left, an eligible leader replica leads, alone
 *   in sync. When there is none either, the last known leader does, recovering: it may have lost records.
 * - With the feature on, a replica that leaves an in-sync set of fewer than `min.insync.replicas` stays eligible until it is known
 *   to have stopped uncleanly; with the feature off, the last in-sync replica never leaves the set.
 */
export interface BrokerChange {
  readonly brokerId: number
  /** `active` may lead again, `inactive` is fenced or shutting down, `unclean` is known to have stopped without a clean shutdown. */
  readonly becomes: 'active' | 'inactive' | 'unclean'
}

/** The records that take every partition along with a broker's change. */
export function partitionChangesFor(change: BrokerChange, context: ControllerContext): readonly MetadataRecord[] {
  const version = recordVersionsAt(context.image.features.metadataVersion).partitionChange
  const records: MetadataRecord[] = []
  for (const topic of context.image.topics.all()) {
    const minInSync = minInSyncReplicas(topic, context)
    for (const partition of topic.partitions.values()) {
      if (!partition.replicas.includes(change.brokerId)) continue
      const record = differences(partition, nextOf(partition, { change, minInSync, context }))
      if (record === null) continue
      const ids = { partitionId: partition.partitionId, topicId: topic.topicId }
      records.push({ type: 'PartitionChangeRecord', version, record: { ...unchanged, ...ids, ...record } })
    }
  }
  return records
}

type Target = Pick<PartitionRegistration, 'isr' | 'leader' | 'leaderRecoveryState'> & {
  readonly eligibleLeaderReplicas: readonly number[]
  readonly lastKnownElr: readonly number[]
}

interface Circumstances {
  readonly change: BrokerChange
  readonly minInSync: number
  readonly context: ControllerContext
}

const unchanged: Omit<PartitionChangeRecord, 'partitionId' | 'topicId'> = {
  isr: null,
  leader: -2,
  replicas: null,
  removingReplicas: null,
  addingReplicas: null,
  leaderRecoveryState: -1,
  directories: null,
  eligibleLeaderReplicas: null,
  lastKnownElr: null,
}

function nextOf(partition: PartitionRegistration, circumstances: Circumstances): Target {
  const { change, context } = circumstances
  const elrEnabled = context.image.features.level('eligible.leader.replicas.version') > 0
  const formerElr = partition.eligibleLeaderReplicas ?? []
  const leaves = change.becomes !== 'active'
  const remaining = leaves ? partition.isr.filter((id) => id !== change.brokerId) : partition.isr
  const isr = remaining.length === 0 && !elrEnabled ? partition.isr : remaining
  const candidates = formerElr.filter((id) => change.becomes !== 'unclean' || id !== change.brokerId)
  const elected = electLeader({ ...partition, isr, eligibleLeaderReplicas: candidates }, circumstances)
  if (!elrEnabled) return { ...elected, eligibleLeaderReplicas: [], lastKnownElr: [] }
  const enough = elected.isr.length >= Math.min(circumstances.minInSync, partition.replicas.length)
  if (enough) return { ...elected, eligibleLeaderReplicas: [], lastKnownElr: [] }
  const eligible = [...new Set([...candidates, ...partition.isr])].filter(
    (id) => !elected.isr.includes(id) && !(change.becomes === 'unclean' && id === change.brokerId),
  )
  const lastKnown =
    elected.leader === -1 && partition.leader !== -1 ? [partition.leader] : (partition.lastKnownElr ?? [])
  return { ...elected, eligibleLeaderReplicas: eligible, lastKnownElr: elected.leader === -1 ? lastKnown : [] }
}

function electLeader(
  partition: PartitionRegistration,
  { change, context }: Circumstances,
): Pick<Target, 'isr' | 'leader' | 'leaderRecoveryState'> {
  const mayLead = (id: number) =>
    id === change.brokerId ? change.becomes === 'active' : context.image.cluster.isActive(id)
  const { isr, leaderRecoveryState } = partition
  if (isr.includes(partition.leader) && mayLead(partition.leader)) {
    return { isr, leader: partition.leader, leaderRecoveryState }
  }
  const inSync = partition.replicas.find((id) => isr.includes(id) && mayLead(id))
  if (inSync !== undefined) return { isr, leader: inSync, leaderRecoveryState }
  if (isr.some((id) => mayLead(id))) return { isr, leader: -1, leaderRecoveryState }
  const eligible = partition.eligibleLeaderReplicas ?? []
  const next = partition.replicas.find((id) => eligible.includes(id) && mayLead(id))
  if (next !== undefined) return { isr: [next], leader: next, leaderRecoveryState }
  const last = partition.lastKnownElr ?? []
  if (isr.length === 0 && eligible.length === 0 && last.length === 1 && mayLead(last[0]!)) {
    return { isr: [last[0]!], leader: last[0]!, leaderRecoveryState: 1 }
  }
  return { isr, leader: -1, leaderRecoveryState }
}

/** Only what differs stands in the record; null when nothing does. */
function differences(former: PartitionRegistration, target: Target): Partial<PartitionChangeRecord> | null {
  const record: Partial<PartitionChangeRecord> = {
    ...(sameIds(former.isr, target.isr) ? {} : { isr: [...target.isr] }),
    ...(former.leader === target.leader ? {} : { leader: target.leader }),
    ...(former.leaderRecoveryState === target.leaderRecoveryState
      ? {}
      : { leaderRecoveryState: target.leaderRecoveryState }),
    ...(sameIds(former.eligibleLeaderReplicas ?? [], target.eligibleLeaderReplicas)
      ? {}
      : { eligibleLeaderReplicas: [...target.eligibleLeaderReplicas] }),
    ...(sameIds(former.lastKnownElr ?? [], target.lastKnownElr) ? {} : { lastKnownElr: [...target.lastKnownElr] }),
  }
  return Object.keys(record).length === 0 ? null : record
}

function sameIds(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index])
}

function minInSyncReplicas(topic: TopicImage, context: ControllerContext): number {
  const type = configResourceTypes.TOPIC
  const override = context.image.configs.of({ type, name: topic.name }).get('min.insync.replicas')
  const clusterDefault = context.image.configs
    .of({ type: configResourceTypes.BROKER, name: '' })
    .get('min.insync.replicas')
  return Number(override ?? clusterDefault ?? context.defaultConfigValue(type, 'min.insync.replicas') ?? 1)
}

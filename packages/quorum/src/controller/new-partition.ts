import type { PartitionRecord } from '@odradek/protocol/messages'
import type { MetadataImage } from '../image/metadata-image.ts'

/** Directory ids of KIP-858 that stand for no directory in particular. */
export const directoryIds = {
  MIGRATING: 'AAAAAAAAAAAAAAAAAAAAAA',
  UNASSIGNED: 'AAAAAAAAAAAAAAAAAAAAAQ',
  LOST: 'AAAAAAAAAAAAAAAAAAAAAg',
} as const

/** The first record of a partition: its active replicas are in sync and the first of them leads. */
export function newPartition(
  image: MetadataImage,
  topicId: string,
  partition: { readonly id: number; readonly replicas: readonly number[] },
): PartitionRecord {
  const isr = partition.replicas.filter((id) => image.cluster.isActive(id))
  return {
    partitionId: partition.id,
    topicId,
    replicas: [...partition.replicas],
    isr,
    removingReplicas: [],
    addingReplicas: [],
    leader: isr[0] ?? -1,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: partition.replicas.map((id) => directoryOf(image, id)),
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  }
}

/** A broker with one log directory can only put the replica there; with several it decides and tells the controller. */
function directoryOf(image: MetadataImage, brokerId: number): string {
  const directories = image.cluster.broker(brokerId)?.logDirs ?? []
  return directories.length === 1 ? directories[0]! : directoryIds.UNASSIGNED
}

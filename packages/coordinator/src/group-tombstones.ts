import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import { groupMetadataTombstone } from './classic/group-metadata-record.ts'
import { consumerGroupTombstones } from './consumer/consumer-records.ts'
import type { Group } from './group-coordinator-state.ts'

/** What removes a group from the log, its offsets aside. */
export function groupTombstones(group: Group): readonly GroupRecord[] {
  return group.type === 'classic' ? [groupMetadataTombstone(group.groupId)] : consumerGroupTombstones(group)
}

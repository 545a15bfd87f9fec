import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import type { GroupMetadataKey, GroupMetadataValue } from '@odradek/protocol/messages'
import {
  type ClassicGroup,
  type ClassicMember,
  computeSubscribedTopics,
  emptyClassicGroup,
  metadataOf,
} from './classic-group.ts'

/** The version Kafka 4.4 writes; 4 only adds tagged fields. */
const groupMetadataVersion = 3

/** The record of a finished rebalance: the group with its generation, its members and what they were assigned. */
export function groupMetadataRecord(group: ClassicGroup): GroupRecord {
  const { protocolName } = group
  return {
    type: 'GroupMetadata',
    key: { group: group.groupId },
    version: groupMetadataVersion,
    value: {
      protocolType: group.protocolType ?? '',
      generation: group.generationId,
      protocol: protocolName,
      leader: group.leaderId,
      currentStateTimestamp: group.stateTimestampMs ?? -1,
      members: [...group.members.values()].map((member) => {
        if (protocolName === null) throw new Error(`group ${group.groupId} has members but no protocol`)
        return {
          memberId: member.memberId,
          groupInstanceId: member.groupInstanceId,
          clientId: member.clientId,
          clientHost: member.clientHost,
          rebalanceTimeout: member.rebalanceTimeoutMs,
          sessionTimeout: member.sessionTimeoutMs,
          subscription: metadataOf(member, protocolName),
          assignment: member.assignment,
        }
      }),
    },
  }
}

/** The record of a group that was just made, before anybody has joined it. */
export function newGroupRecord(group: ClassicGroup): GroupRecord {
  const value = {
    protocolType: '',
    generation: 0,
    protocol: null,
    leader: null,
    currentStateTimestamp: group.stateTimestampMs ?? -1,
    members: [],
  }
  return { type: 'GroupMetadata', key: { group: group.groupId }, version: groupMetadataVersion, value }
}

/** The tombstone of a group. */
export function groupMetadataTombstone(groupId: string): GroupRecord {
  return { type: 'GroupMetadata', key: { group: groupId }, version: -1, value: null }
}

/** The group that a record says: stable with members, empty without. */
export function groupFromRecord(key: GroupMetadataKey, value: GroupMetadataValue): ClassicGroup {
  const members = new Map<string, ClassicMember>()
  for (const member of value.members) {
    members.set(member.memberId, {
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      protocols: value.protocol === null ? [] : [{ name: value.protocol, metadata: member.subscription }],
      assignment: member.assignment,
    })
  }
  const fields = {
    ...emptyClassicGroup(key.group, 0),
    generationId: value.generation,
    protocolType: value.protocolType === '' ? null : value.protocolType,
    protocolName: value.protocol,
    leaderId: value.leader ?? members.keys().next().value ?? null,
    stateTimestampMs: value.currentStateTimestamp === -1 ? null : value.currentStateTimestamp,
    members,
  }
  const subscribedTopics = computeSubscribedTopics(fields)
  if (members.size === 0) return { ...fields, subscribedTopics }
  return { ...fields, state: 'Stable', subscribedTopics, pendingSync: new Set() }
}

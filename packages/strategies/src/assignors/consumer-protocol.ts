/**
 * The bytes that members of a classic consumer group exchange through the coordinator, which does not look into them: a subscription in
 * JoinGroup, an assignment in SyncGroup, each after an int16 version. A reader takes a newer version than it knows for the newest it
 * knows and ignores what follows. Kafka: `ConsumerProtocol`.
 */
import { type MessageType, ProtocolError, Reader, Writer } from '@odradek/protocol'
import { consumerProtocolAssignment, consumerProtocolSubscription } from '@odradek/protocol/messages'
import { compareTopicPartitions, groupByTopic, type TopicPartition } from '../topic-partition.ts'
import type { Assignment, Subscription } from './assignor.ts'
import { compareText } from './group-members.ts'

/** The `protocol_type` of consumer groups in JoinGroup. */
export const consumerProtocolType = 'consumer'

/** The newest version, which Kafka writes. */
export const consumerProtocolVersion = 3

/** What a member can say of itself. The group instance id travels in JoinGroup itself. */
export type EncodableSubscription = Pick<Subscription, 'topics'> & Partial<Omit<Subscription, 'topics'>>

/** The metadata of a member for JoinGroup. @throws ProtocolError when `version` is unknown or a value does not fit. */
export function encodeSubscription(subscription: EncodableSubscription, version = consumerProtocolVersion): Uint8Array {
  const { topics, userData = null, ownedPartitions = [], generationId = -1, rackId = null } = subscription
  const writer = new Writer()
  writer.writeInt16(version)
  const message = {
    topics: [...topics].sort(compareText),
    userData,
    ownedPartitions: byTopic([...ownedPartitions].sort(compareTopicPartitions)),
    generationId,
    rackId,
  }
  consumerProtocolSubscription.write(writer, message, version)
  return writer.finish()
}

/** Reads a member's metadata. `userData` is a view on `bytes`; `groupInstanceId` is null. @throws ProtocolError */
export function decodeSubscription(bytes: Uint8Array): Subscription {
  const { topics, userData, ownedPartitions, generationId, rackId } = readVersioned(consumerProtocolSubscription, bytes)
  return { topics, userData, ownedPartitions: flatten(ownedPartitions), generationId, rackId, groupInstanceId: null }
}

/** The assignment of a member for SyncGroup. @throws ProtocolError when `version` is unknown or a value does not fit. */
export function encodeAssignment(assignment: Assignment, version = consumerProtocolVersion): Uint8Array {
  const writer = new Writer()
  writer.writeInt16(version)
  const message = { assignedPartitions: byTopic(assignment.partitions), userData: assignment.userData ?? null }
  consumerProtocolAssignment.write(writer, message, version)
  return writer.finish()
}

/** Reads an assignment; no bytes at all are an empty one. `userData` is a view on `bytes`. @throws ProtocolError */
export function decodeAssignment(bytes: Uint8Array): Assignment {
  if (bytes.length === 0) return { partitions: [], userData: null }
  const { assignedPartitions, userData } = readVersioned(consumerProtocolAssignment, bytes)
  return { partitions: flatten(assignedPartitions), userData }
}

function readVersioned<T extends object>(type: MessageType<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes)
  const version = reader.readInt16()
  if (version < 0) throw new ProtocolError(`version ${version} of ${type.name} is negative`, '', 0)
  return type.read(reader, Math.min(version, type.maxVersion))
}

interface TopicPartitions {
  topic: string
  partitions: number[]
}

function byTopic(partitions: readonly TopicPartition[]): TopicPartitions[] {
  return Array.from(groupByTopic(partitions), ([topic, numbers]) => ({ topic, partitions: numbers }))
}

function flatten(topics: readonly TopicPartitions[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

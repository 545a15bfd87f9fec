import { ProtocolError, Reader, Writer } from '@odradek/protocol'
import { groupByTopic, type TopicPartition } from '../../topic-partition.ts'

/** What a member of a `sticky` group tells its leader. */
export interface StickyUserData {
  readonly partitions: readonly TopicPartition[]
  /** The generation of the assignment; -1 when it is not told, as in version 0. */
  readonly generation: number
}

/**
 * Kafka's `StickyAssignorUserData`, version 1: previous_assignment [topic string, partitions [int32]], generation int32.
 * With `generation` -1 version 0, which ends before the generation.
 */
export function encodeStickyUserData({ partitions, generation }: StickyUserData): Uint8Array {
  const byTopic = groupByTopic(partitions)
  const writer = new Writer()
  writer.writeArrayLength(byTopic.size, false)
  for (const [topic, numbers] of byTopic) {
    writer.writeString(topic, false)
    writer.writeArrayLength(numbers.length, false)
    for (const number of numbers) writer.writeInt32(number)
  }
  if (generation >= 0) writer.writeInt32(generation)
  return writer.finish()
}

/** Reads both versions. Bytes that are neither, say of another assignor, mean that the member has nothing. */
export function decodeStickyUserData(bytes: Uint8Array | null): StickyUserData {
  const nothing: StickyUserData = { partitions: [], generation: -1 }
  if (bytes === null || bytes.length === 0) return nothing
  try {
    const reader = new Reader(bytes)
    const partitions: TopicPartition[] = []
    for (let topics = reader.readArrayLength(false, 6); topics > 0; topics--) {
      const topic = reader.readString(false)
      for (let numbers = reader.readArrayLength(false, 4); numbers > 0; numbers--) {
        partitions.push({ topic, partition: reader.readInt32() })
      }
    }
    return { partitions, generation: reader.remaining >= 4 ? reader.readInt32() : -1 }
  } catch (error) {
    if (error instanceof ProtocolError) return nothing
    throw error
  }
}

/** The user data of `cooperative-sticky`, version 0: the generation, int32. Owned partitions are in the subscription itself. */
export function encodeCooperativeUserData(generation: number): Uint8Array {
  const writer = new Writer(4)
  writer.writeInt32(generation)
  return writer.finish()
}

/** The generation in the user data of `cooperative-sticky`, -1 when there is none. */
export function decodeCooperativeUserData(bytes: Uint8Array | null): number {
  if (bytes === null || bytes.length < 4) return -1
  return new Reader(bytes).readInt32()
}

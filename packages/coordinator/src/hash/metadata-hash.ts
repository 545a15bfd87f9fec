import { parseUuid } from '@odradek/protocol'
import { xxh3 } from './xxh3.ts'

/** What a consumer group's assignment depends on of a topic. */
export interface TopicDescription {
  readonly topicId: string
  readonly name: string
  readonly partitionCount: number
  /** The racks of the replicas of a partition, as far as they are known, with repetitions. */
  racksOf(partition: number): readonly string[]
}

const magic = 0

/** Kafka's hash of a topic: id, name, partitions, and the racks of their replicas. (`Utils.computeTopicHash`) */
export function topicHash(topic: TopicDescription): bigint {
  const bytes = new HashInput()
  bytes.putByte(magic)
  bytes.putUuid(topic.topicId)
  bytes.putString(topic.name)
  bytes.putInt(topic.partitionCount)
  for (let partition = 0; partition < topic.partitionCount; partition++) {
    bytes.putInt(partition)
    for (const rack of [...topic.racksOf(partition)].sort()) {
      bytes.putInt(rack.length)
      bytes.putString(rack)
    }
  }
  return bytes.hash()
}

/** Kafka's hash of the topics a group subscribes to, 0 without any; a signed number, as records hold it. (`computeGroupHash`) */
export function groupHash(hashesByTopic: ReadonlyMap<string, bigint>): bigint {
  if (hashesByTopic.size === 0) return 0n
  const bytes = new HashInput()
  for (const topic of [...hashesByTopic.keys()].sort()) bytes.putLong(hashesByTopic.get(topic)!)
  return BigInt.asIntN(64, bytes.hash())
}

/** What Kafka's hash stream makes of values: little endian, and text as UTF-16 followed by its length. */
class HashInput {
  readonly #parts: Uint8Array[] = []

  putByte(value: number): void {
    this.#parts.push(Uint8Array.of(value))
  }

  putInt(value: number): void {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32LE(value)
    this.#parts.push(bytes)
  }

  putLong(value: bigint): void {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
    this.#parts.push(bytes)
  }

  putUuid(uuid: string): void {
    const bytes = Buffer.from(parseUuid(uuid))
    this.putLong(bytes.readBigUInt64BE(0))
    this.putLong(bytes.readBigUInt64BE(8))
  }

  putString(text: string): void {
    this.#parts.push(Buffer.from(text, 'utf16le'))
    this.putInt(text.length)
  }

  hash(): bigint {
    return xxh3(Buffer.concat(this.#parts))
  }
}

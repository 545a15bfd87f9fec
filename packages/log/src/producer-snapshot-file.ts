import { crc32c } from '@odradek/protocol'
import { type BatchMetadata, ProducerStateEntry } from './producer-state-entry.ts'

const version = 1
const crcAt = 2
const entriesAt = 6
const entryBytes = 46

/** Bytes that are not a producer snapshot: wrong version, wrong checksum, or entries that do not fill the file. */
export class CorruptSnapshotError extends Error {
  override readonly name = 'CorruptSnapshotError'
}

/**
 * The content of a `.snapshot` file in Kafka's ProducerSnapshot format, version 1: version, CRC-32C of what follows, and one
 * entry for each producer with its last batch.
 */
export function encodeProducerSnapshot(entries: Iterable<ProducerStateEntry>): Uint8Array {
  const all = [...entries]
  const bytes = Buffer.alloc(entriesAt + 4 + all.length * entryBytes)
  bytes.writeInt16BE(version, 0)
  bytes.writeInt32BE(all.length, entriesAt)
  all.forEach((entry, i) => {
    writeEntry(bytes, entriesAt + 4 + i * entryBytes, entry)
  })
  bytes.writeUInt32BE(crc32c(bytes.subarray(entriesAt)), crcAt)
  return bytes
}

/** Reads the content of a `.snapshot` file. @throws CorruptSnapshotError */
export function decodeProducerSnapshot(content: Uint8Array): ProducerStateEntry[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
  if (bytes.length < entriesAt + 4) throw new CorruptSnapshotError(`a producer snapshot of ${bytes.length} bytes`)
  if (bytes.readInt16BE(0) !== version) {
    throw new CorruptSnapshotError(`producer snapshot version ${bytes.readInt16BE(0)}, expected ${version}`)
  }
  if (bytes.readUInt32BE(crcAt) !== crc32c(bytes.subarray(entriesAt))) {
    throw new CorruptSnapshotError('the checksum of the producer snapshot is not that of its bytes')
  }
  const count = bytes.readInt32BE(entriesAt)
  if (count * entryBytes !== bytes.length - entriesAt - 4) {
    throw new CorruptSnapshotError(`${count} producers announced in a snapshot of ${bytes.length} bytes`)
  }
  return Array.from({ length: count }, (_, i) => readEntry(bytes, entriesAt + 4 + i * entryBytes))
}

function writeEntry(bytes: Buffer, at: number, entry: ProducerStateEntry): void {
  bytes.writeBigInt64BE(BigInt(entry.producerId), at)
  bytes.writeInt16BE(entry.producerEpoch, at + 8)
  bytes.writeInt32BE(entry.lastSequence, at + 10)
  bytes.writeBigInt64BE(BigInt(entry.lastDataOffset), at + 14)
  bytes.writeInt32BE(entry.lastOffsetDelta, at + 22)
  bytes.writeBigInt64BE(BigInt(entry.lastTimestamp), at + 26)
  bytes.writeInt32BE(entry.coordinatorEpoch, at + 34)
  bytes.writeBigInt64BE(BigInt(entry.currentTransactionFirstOffset ?? -1), at + 38)
}

function readEntry(bytes: Buffer, at: number): ProducerStateEntry {
  const lastOffset = Number(bytes.readBigInt64BE(at + 14))
  const lastTimestamp = Number(bytes.readBigInt64BE(at + 26))
  const firstOffset = Number(bytes.readBigInt64BE(at + 38))
  const batch: BatchMetadata = {
    lastSequence: bytes.readInt32BE(at + 10),
    lastOffset,
    offsetDelta: bytes.readInt32BE(at + 22),
    timestamp: lastTimestamp,
  }
  return new ProducerStateEntry(Number(bytes.readBigInt64BE(at)), {
    producerEpoch: bytes.readInt16BE(at + 8),
    coordinatorEpoch: bytes.readInt32BE(at + 34),
    lastTimestamp,
    currentTransactionFirstOffset: firstOffset >= 0 ? firstOffset : undefined,
    batches: lastOffset >= 0 ? [batch] : [],
  })
}

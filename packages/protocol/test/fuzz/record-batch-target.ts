import { isDeepStrictEqual } from 'node:util'
import {
  FrameDecoder,
  fetchedRecordBatches,
  type KafkaRecord,
  ProtocolError,
  RecordBatchBuilder,
  RecordBatchView,
  readControlRecord,
} from '../../src/index.ts'
import { batchesOfEveryKind } from '../record-batch-vectors.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'
import type { SeededRandom } from './seeded-random.ts'

const maxDecompressedBytes = 1 << 20

/**
 * Spoiled batches, of every magic and codec, are read or refused with a ProtocolError; records that were read are built into a
 * batch again and come back the same. Half of the batches get a right checksum, as it is no protection from who writes it.
 */
export function recordBatchTarget(): FuzzTarget {
  const batches = batchesOfEveryKind()
  return {
    name: 'record-batches',
    run(random) {
      const first = random.pick(batches)
      const bytes = mutate(random.nextInt(4) === 0 ? Buffer.concat([first, random.pick(batches)]) : first, random)
      if (random.nextInt(2) === 0) orRefused(() => new RecordBatchView(bytes).updateCrc())
      orRefused(() => readAll(bytes))
    },
  }
}

/** A stream of spoiled frames gives the same frames, or the same error, however it is cut. */
export function frameTarget(): FuzzTarget {
  const batches = batchesOfEveryKind()
  return {
    name: 'frames',
    run(random) {
      const frames = Array.from({ length: 1 + random.nextInt(3) }, () => random.pick(batches))
      const stream = mutate(Buffer.concat(frames.flatMap((frame) => [sizeOf(frame), frame])), random)
      const whole = decodeStream([stream])
      const pieces = decodeStream(cut(stream, random))
      if (!isDeepStrictEqual(whole, pieces)) throw new Error('the split of the stream changes the frames')
    },
  }
}

function readAll(bytes: Uint8Array): void {
  for (const batch of fetchedRecordBatches(bytes, { strict: true })) {
    batch.hasValidCrc()
    const records: KafkaRecord[] = []
    for (const { offset, timestamp, key, value, headers } of batch.records({ maxDecompressedBytes })) {
      records.push({ offset, timestamp, key, value, headers })
    }
    if (batch instanceof RecordBatchView) {
      batch.validateRecords({ maxDecompressedBytes })
      if (batch.isControl) for (const record of records) orRefused(() => readControlRecord(record))
    }
    checkRoundTrip(records)
  }
}

function checkRoundTrip(records: readonly KafkaRecord[]): void {
  const writable = records.every(
    ({ offset, timestamp }, i) =>
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(timestamp) &&
      timestamp >= -1 &&
      (i === 0 || (offset > records[i - 1]!.offset && offset - records[0]!.offset < 2 ** 31)),
  )
  if (!writable || records.length === 0) return
  const builder = new RecordBatchBuilder({ baseOffset: records[0]!.offset })
  for (const record of records) builder.appendWithOffset(record.offset, record)
  const again = Array.from(new RecordBatchView(builder.close()).records(), (record) => record.toObject())
  if (!isDeepStrictEqual(again, records)) throw new Error('the records come back changed')
}

function orRefused(read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
}

function sizeOf(frame: Uint8Array): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return size
}

function cut(stream: Uint8Array, random: SeededRandom): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < stream.length; ) {
    const length = 1 + random.nextInt(random.pick([2, 10, 2000]))
    chunks.push(stream.subarray(at, at + length))
    at += length
  }
  return chunks
}

function decodeStream(chunks: readonly Uint8Array[]): { frames: Buffer[]; error: string | undefined } {
  const decoder = new FrameDecoder({ maxFrameBytes: 1 << 20 })
  const frames: Buffer[] = []
  try {
    for (const chunk of chunks) for (const frame of decoder.push(chunk)) frames.push(Buffer.from(frame))
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { frames, error: error.message }
  }
  return { frames, error: undefined }
}

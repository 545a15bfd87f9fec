import { type CompressionType, type NewRecord, RecordBatchBuilder, type RecordBatchView } from '@odradek/protocol'
import { decodeGroupRecord, encodeGroupRecord, type GroupRecord } from '@odradek/protocol/coordinator-records'

/** Bytes of the batch of one committed offset, header and record; more rarely. */
const usualBytes = 256

export interface BatchOptions {
  readonly now: number
  readonly compression: CompressionType
  readonly maxBytes: number
}

/** The records as batches of at most `maxBytes`; one that is larger holds a single record, and is for the log to refuse. */
export function encodeGroupBatches(records: readonly GroupRecord[], options: BatchOptions): Uint8Array[] {
  const batches: Uint8Array[] = []
  const newBuilder = () => {
    const { compression, maxBytes } = options
    return new RecordBatchBuilder({ compression, maxBytes, initialBytes: usualBytes })
  }
  let builder = newBuilder()
  for (const record of records) {
    const encoded: NewRecord = { timestamp: options.now, ...encodeGroupRecord(record) }
    if (!builder.hasRoomFor(encoded)) {
      batches.push(builder.close())
      builder = newBuilder()
    }
    builder.append(encoded)
  }
  if (builder.recordCount > 0) batches.push(builder.close())
  return batches
}

/** The records of a batch of `__consumer_offsets`; those of types that are not known here are left out. */
export function* groupRecordsOf(batch: RecordBatchView): Generator<GroupRecord> {
  for (const { key, value } of batch.records()) {
    if (key === null) continue
    const record = decodeGroupRecord(key, value)
    if (record !== undefined) yield record
  }
}

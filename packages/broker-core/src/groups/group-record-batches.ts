import type { GroupCoordinatorState } from '@odradek/coordinator'
import {
  type CompressionType,
  type NewRecord,
  RecordBatchBuilder,
  type RecordBatchView,
  readControlRecord,
} from '@odradek/protocol'
import { decodeGroupRecord, encodeGroupRecord, type GroupRecord } from '@odradek/protocol/coordinator-records'

/** Bytes of the batch of one committed offset, header and record; more rarely. */
const usualBytes = 256

export interface BatchOptions {
  readonly now: number
  readonly compression: CompressionType
  readonly maxBytes: number
}

/** Records and the batch that holds them. */
export interface GroupRecordBatch {
  readonly records: readonly GroupRecord[]
  readonly bytes: Uint8Array
}

/** The records in batches of at most `maxBytes`; one that is larger holds a single record, and is for the log to refuse. */
export function encodeGroupBatches(records: readonly GroupRecord[], options: BatchOptions): GroupRecordBatch[] {
  const { compression, maxBytes } = options
  const batches: GroupRecordBatch[] = []
  const begin = () => new RecordBatchBuilder({ compression, maxBytes, initialBytes: usualBytes })
  let [builder, batch]: [RecordBatchBuilder, GroupRecord[]] = [begin(), []]
  for (const record of records) {
    const encoded: NewRecord = { timestamp: options.now, ...encodeGroupRecord(record) }
    if (!builder.hasRoomFor(encoded)) {
      batches.push({ records: batch, bytes: builder.close() })
      ;[builder, batch] = [begin(), []]
    }
    builder.append(encoded)
    batch.push(record)
  }
  if (batch.length > 0) batches.push({ records: batch, bytes: builder.close() })
  return batches
}

/** Replays a batch of `__consumer_offsets`. Records of types that are not known here are passed over, as in Kafka. */
export function replayGroupBatch(state: GroupCoordinatorState, batch: RecordBatchView, now: number): void {
  const producerId = batch.isTransactional ? { producerId: batch.producerId } : {}
  for (const { key, value, offset } of batch.records()) {
    if (key === null) continue
    if (batch.isControl) {
      const { type } = readControlRecord({ key, value })
      if (type === 'COMMIT' || type === 'ABORT') state.replayEndOfTransaction(batch.producerId, type)
      continue
    }
    const record = decodeGroupRecord(key, value)
    if (record !== undefined) state.replay(record, { now, offset, ...producerId })
  }
}

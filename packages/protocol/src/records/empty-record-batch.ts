import { batchAttribute, type ProducerState, recordBatchOverheadBytes, type TimestampType } from './record-batch.ts'
import { writeRecordBatchHeader } from './record-batch-header.ts'

/** What is left of a batch when compaction removed its records. */
export interface EmptyRecordBatchOptions {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly partitionLeaderEpoch: number
  readonly producer: ProducerState
  readonly timestampType: TimestampType
  readonly timestampMs: number
  readonly isControl: boolean
}

/**
 * A batch without records. Compaction leaves it when the records of a producer's last batch are gone, so that the producer's
 * sequence and the range of offsets stay known (Kafka's `DefaultRecordBatch.writeEmptyHeader`).
 */
export function emptyRecordBatch(options: EmptyRecordBatchOptions): Uint8Array {
  const batch = new Uint8Array(recordBatchOverheadBytes)
  writeRecordBatchHeader(batch, {
    baseOffset: options.baseOffset,
    partitionLeaderEpoch: options.partitionLeaderEpoch,
    attributes:
      (options.timestampType === 'LogAppendTime' ? batchAttribute.logAppendTime : 0) |
      (options.producer.isTransactional ? batchAttribute.transactional : 0) |
      (options.isControl ? batchAttribute.control : 0),
    lastOffsetDelta: options.lastOffset - options.baseOffset,
    baseTimestamp: -1,
    maxTimestamp: options.timestampMs,
    producer: options.producer,
    recordCount: 0,
  })
  return batch
}

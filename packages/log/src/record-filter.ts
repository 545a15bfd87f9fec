import {
  emptyRecordBatch,
  type ProducerState,
  RecordBatchBuilder,
  RecordBatchView,
  type RecordView,
} from '@odradek/protocol'
import type { CleanedTransactions } from './cleaned-transactions.ts'
import type { LogConfig } from './log-config.ts'
import type { OffsetMap } from './offset-map.ts'
import type { ProducerStateEntry } from './producer-state-entry.ts'
import { compressionLevel, maxDecompressedBytes } from './record-rules.ts'

/** What one round of compaction goes by. */
export interface RecordFilterOptions {
  readonly config: LogConfig
  readonly offsets: OffsetMap
  readonly transactions: CleanedTransactions
  readonly now: number
  /** The offset behind the last batch that this round may touch. */
  readonly endOffset: number
  /** The producers that are known now: the batch with their last sequence is kept, if need be without records. */
  readonly producers: ReadonlyMap<number, ProducerStateEntry>
}

/** What became of a batch: its bytes as they are to be written, or undefined when nothing is left of it. */
export interface FilteredBatch {
  readonly batch: RecordBatchView | undefined
  readonly recordsRead: number
  readonly recordsKept: number
}

/**
 * Decides batch by batch what compaction keeps (Kafka's `Cleaner.cleanInto` and `MemoryRecords.filterTo`): of each key the last
 * record; a tombstone for `delete.retention.ms` from the round that met it first, which writes that time into the batch
 * (KIP-534); nothing of aborted transactions; and the last batch of each live producer.
 */
export class RecordFilter {
  readonly #options: RecordFilterOptions

  constructor(options: RecordFilterOptions) {
    this.#options = options
  }

  /** @throws ProtocolError when the batch's records cannot be read. */
  filter(batch: RecordBatchView): FilteredBatch {
    const { transactions, endOffset, now } = this.#options
    const canDiscard = batch.isControl ? transactions.onControlBatch(batch) : transactions.onDataBatch(batch)
    const { deleteHorizonMs } = batch
    const isExpired = deleteHorizonMs !== undefined && deleteHorizonMs <= now
    const discardRecords = canDiscard && (!batch.isControl || isExpired)
    const keepEmpty = this.#isLastOfProducer(batch) || batch.nextOffset === endOffset
    if (discardRecords && !keepEmpty) return { batch: undefined, recordsRead: batch.recordCount, recordsKept: 0 }
    const emptyMarker = canDiscard && batch.isControl
    return this.#filterRecords(batch, { discardRecords, keepEmpty, emptyMarker })
  }

  #filterRecords(
    batch: RecordBatchView,
    decision: { readonly discardRecords: boolean; readonly keepEmpty: boolean; readonly emptyMarker: boolean },
  ): FilteredBatch {
    const kept: RecordView[] = []
    let recordsRead = 0
    let hasTombstone = false
    for (const record of batch.records({ maxDecompressedBytes: maxDecompressedBytes(this.#options.config) })) {
      recordsRead++
      if (decision.discardRecords || !(batch.isControl || this.#isRetained(batch, record))) continue
      kept.push(record)
      if (record.valueLength < 0) hasTombstone = true
    }
    if (kept.length === 0) {
      return { batch: decision.keepEmpty ? emptied(batch) : undefined, recordsRead, recordsKept: 0 }
    }
    const setsHorizon = (hasTombstone || decision.emptyMarker) && batch.deleteHorizonMs === undefined
    if (kept.length === recordsRead && !setsHorizon) return { batch, recordsRead, recordsKept: recordsRead }
    const horizon = setsHorizon ? this.#options.now + this.#options.config.deleteRetentionMs : batch.deleteHorizonMs
    const rebuilt = rebuild(batch, kept, { config: this.#options.config, deleteHorizonMs: horizon })
    return { batch: rebuilt, recordsRead, recordsKept: kept.length }
  }

  #isRetained(batch: RecordBatchView, record: RecordView): boolean {
    const { offsets, now } = this.#options
    if (record.offset > offsets.latestOffset) return true
    const { key } = record
    if (key === null || record.offset < offsets.get(key)) return false
    const { deleteHorizonMs } = batch
    return record.valueLength >= 0 || deleteHorizonMs === undefined || now < deleteHorizonMs
  }

  #isLastOfProducer(batch: RecordBatchView): boolean {
    const { producerId } = batch
    const producer = producerId < 0 ? undefined : this.#options.producers.get(producerId)
    if (producer === undefined) return false
    if (producer.lastDataOffset >= 0) return batch.lastOffset === producer.lastDataOffset
    return batch.isControl && batch.producerEpoch === producer.producerEpoch
  }
}

function rebuild(
  batch: RecordBatchView,
  records: readonly RecordView[],
  options: { readonly config: LogConfig; readonly deleteHorizonMs: number | undefined },
): RecordBatchView {
  const { compression, timestampType } = batch
  const builder = new RecordBatchBuilder({
    compression,
    compressionLevel: compressionLevel(compression, options.config),
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    timestampType,
    ...(timestampType === 'LogAppendTime' ? { logAppendTimeMs: batch.maxTimestamp } : {}),
    deleteHorizonMs: options.deleteHorizonMs,
    producer: producerOf(batch),
    isControl: batch.isControl,
    initialBytes: batch.sizeInBytes + 64,
  })
  for (const record of records) builder.appendWithOffset(record.offset, record)
  // The batch keeps its range, which tells the producer's last sequence.
  builder.overrideLastOffset(batch.lastOffset)
  return new RecordBatchView(builder.close())
}

function emptied(batch: RecordBatchView): RecordBatchView {
  const bytes = emptyRecordBatch({
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    producer: producerOf(batch),
    timestampType: batch.timestampType,
    timestampMs: batch.maxTimestamp,
    isControl: batch.isControl,
  })
  return new RecordBatchView(bytes)
}

function producerOf({ producerId, producerEpoch, baseSequence, isTransactional }: RecordBatchView): ProducerState {
  return { producerId, producerEpoch, baseSequence, isTransactional }
}

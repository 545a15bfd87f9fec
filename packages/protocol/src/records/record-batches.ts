import { ProtocolError } from '../protocol-error.ts'
import { LegacyRecordBatch } from './legacy-record-batch.ts'
import { batchField, batchSize, type RecordBatch, recordBatchOverheadBytes } from './record-batch.ts'
import { RecordBatchView } from './record-batch-view.ts'

/** How a run of batches is read. */
export interface RecordBatchesOptions {
  /** An incomplete batch at the end is a ProtocolError; otherwise it is left out, as a broker may cut the last one of a Fetch. */
  readonly strict?: boolean | undefined
}

/**
 * The magic 2 batches that follow each other in `bytes`, as views. Only the headers are read.
 * @throws ProtocolError when a batch is shorter than its header or has another magic.
 */
export function* recordBatches(
  bytes: Uint8Array,
  options: RecordBatchesOptions = {},
): Generator<RecordBatchView, undefined> {
  for (const start of batchStarts(bytes, options)) {
    const magic = bytes[start + batchField.magic]!
    if (magic !== 2) throw new ProtocolError(`magic ${magic} is not 2`, 'magic', start + batchField.magic)
    yield magic2Batch(bytes, start)
  }
}

/**
 * The batches of any magic that follow each other in `bytes`: what a Fetch response holds, message sets of old logs included.
 * @throws ProtocolError when a batch is shorter than its header or has a magic that does not exist.
 */
export function* fetchedRecordBatches(
  bytes: Uint8Array,
  options: RecordBatchesOptions = {},
): Generator<RecordBatch, undefined> {
  for (const start of batchStarts(bytes, options)) {
    const magic = bytes[start + batchField.magic]!
    if (magic === 2) yield magic2Batch(bytes, start)
    else yield new LegacyRecordBatch(bytes, start)
  }
}

function* batchStarts(bytes: Uint8Array, options: RecordBatchesOptions): Generator<number, undefined> {
  let start = 0
  while (start < bytes.length) {
    const left = bytes.length - start
    const size = batchSize(bytes, start)
    if (size === undefined || size > left) {
      if (options.strict !== true) return
      throw new ProtocolError(
        `the bytes end within a record batch: ${left} of ${size ?? 'unknown'}`,
        'batchLength',
        start,
      )
    }
    yield start
    start += size
  }
}

function magic2Batch(bytes: Uint8Array, start: number): RecordBatchView {
  const size = batchSize(bytes, start) ?? 0
  if (size < recordBatchOverheadBytes) {
    throw new ProtocolError(
      `a batch of magic 2 cannot be of ${size} bytes`,
      'batchLength',
      start + batchField.batchLength,
    )
  }
  return new RecordBatchView(bytes, start)
}

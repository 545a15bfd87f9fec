import { ProtocolError } from '../protocol-error.ts'
import { batchField, logOverheadBytes, recordBatchOverheadBytes } from './record-batch.ts'
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
  let start = 0
  while (start < bytes.length) {
    const size = batchSize(bytes, start)
    if (size === undefined || size > bytes.length - start) {
      if (options.strict !== true) return
      throw new ProtocolError(
        `the bytes end within a record batch: ${bytes.length - start} of ${size ?? 'unknown'}`,
        '',
        start,
      )
    }
    const magic = bytes[start + batchField.magic]!
    if (magic !== 2) throw new ProtocolError(`magic ${magic} is not 2`, '', start + batchField.magic)
    if (size < recordBatchOverheadBytes) throw tooSmall(size, start)
    yield new RecordBatchView(bytes, start)
    start += size
  }
}

/**
 * Size of the batch, of any magic, at `start`, base offset and length included; undefined when too few bytes are there to know.
 * @throws ProtocolError when the claimed size is less than the smallest batch of any magic has.
 */
export function batchSize(bytes: Uint8Array, start: number): number | undefined {
  if (bytes.length - start <= batchField.magic) return undefined
  const at = start + batchField.batchLength
  const length = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  const size = logOverheadBytes + length
  // The overhead of a magic 0 message is the smallest: CRC, magic, attributes and two lengths.
  if (length < 14) throw tooSmall(size, start)
  return size
}

function tooSmall(size: number, start: number): ProtocolError {
  return new ProtocolError(`a batch cannot be of ${size} bytes`, '', start + batchField.batchLength)
}

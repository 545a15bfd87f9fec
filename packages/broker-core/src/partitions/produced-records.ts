import { batchSize, ProtocolError, RecordBatchView, recordBatchOverheadBytes } from '@odradek/protocol'
import type { RefusedAppend } from './append-outcome.ts'

/** Produce version from which zstd may be used (KIP-110). */
const firstVersionWithZstd = 7

/**
 * Why records cannot be what a Produce request holds for one partition, whatever partition it is: exactly one whole batch of
 * magic 2, in a compression the version knows (Kafka's `ProduceRequest.validateRecords`). Undefined when they can be.
 */
export function producedRecordsProblem(bytes: Uint8Array, apiVersion: number): RefusedAppend | undefined {
  try {
    const size = wholeBatch(bytes, 0)
    if (size === undefined) return invalid('a Produce request must hold a record batch for each partition')
    if (bytes[16] !== 2) return invalid(`a Produce request must hold record batches of magic 2, not ${bytes[16]}`)
    const batch = size < recordBatchOverheadBytes ? undefined : new RecordBatchView(bytes)
    if (apiVersion < firstVersionWithZstd && batch?.compression === 'zstd') {
      const message = `Produce ${apiVersion} is not allowed to use zstd, only ${firstVersionWithZstd} and later`
      return { error: 'UNSUPPORTED_COMPRESSION_TYPE', message }
    }
    if (wholeBatch(bytes, size) === undefined) return undefined
    return invalid('a Produce request must hold exactly one record batch for each partition')
  } catch (error) {
    if (error instanceof ProtocolError) return { error: 'CORRUPT_MESSAGE', message: error.message }
    throw error
  }
}

/** True when the records are part of a transaction. */
export function isTransactional(records: Uint8Array | null): boolean {
  if (records === null || records.length < recordBatchOverheadBytes || records[16] !== 2) return false
  return new RecordBatchView(records).isTransactional
}

/** Size of the batch at `at`, undefined when there is none that is whole. @throws ProtocolError when the bytes cannot be a batch. */
function wholeBatch(bytes: Uint8Array, at: number): number | undefined {
  const size = batchSize(bytes, at)
  const magic = bytes[at + 16] ?? 0
  if (size !== undefined && magic > 2) throw new ProtocolError(`magic ${magic} does not exist`, 'magic', at + 16)
  return size === undefined || size > bytes.length - at ? undefined : size
}

function invalid(message: string): RefusedAppend {
  return { error: 'INVALID_RECORD', message }
}

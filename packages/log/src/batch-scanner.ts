import { batchSize, ProtocolError, RecordBatchView, recordBatchOverheadBytes } from '@odradek/protocol'
import type { StorageFile } from '@odradek/runtime'

const chunkBytes = 1_048_576

/** Where a scan starts and ends, in bytes of the file. */
export interface ScanRange {
  readonly from: number
  readonly to: number
}

/**
 * Reads the batches of a log file one after the other, in large pieces and at once: for recovery and look-ups. `visit` gets each
 * batch that is whole and of magic 2, with its position, and ends the scan by answering false. Answers the position behind the
 * last batch visited that was not refused: the end of what the scan knows to be batches.
 *
 * The views lie in a buffer of their own piece of the file, so they may be kept.
 */
export function scanBatches(
  file: StorageFile,
  range: ScanRange,
  visit: (batch: RecordBatchView, position: number) => boolean | undefined,
): number {
  let position = range.from
  let wanted = Math.min(chunkBytes, range.to - position)
  while (range.to - position >= recordBatchOverheadBytes) {
    const chunk = file.readSync(position, Math.min(Math.max(wanted, recordBatchOverheadBytes), range.to - position))
    let at = 0
    wanted = chunkBytes
    while (chunk.length - at >= recordBatchOverheadBytes) {
      const size = wholeBatchSize(chunk, at)
      if (size === undefined || position + at + size > range.to) return position + at
      if (at + size > chunk.length) {
        wanted = Math.max(chunkBytes, size)
        break
      }
      if (visit(new RecordBatchView(chunk, at), position + at) === false) return position + at
      at += size
    }
    if (at === 0 && chunk.length < wanted) {
      if (chunk.length < Math.min(wanted, range.to - position)) return position
    }
    position += at
  }
  return position
}

/** Size of the magic 2 batch that starts at `at`; undefined when these bytes cannot be one. */
export function wholeBatchSize(bytes: Uint8Array, at: number): number | undefined {
  try {
    const size = batchSize(bytes, at)
    return size === undefined || size < recordBatchOverheadBytes || bytes[at + 16] !== 2 ? undefined : size
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

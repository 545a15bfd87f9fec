import { readFileSync } from 'node:fs'
import { CorruptSnapshotError, decodeProducerSnapshot, decrementSequence } from '@odradek/log'
import type { Dump } from './dump.ts'
import { optionalLong } from './dump-batches.ts'

const abortedTransactionBytes = 34

/** Prints the producers of a `.snapshot` file, each with its last batch. */
export function dumpProducerSnapshot(dump: Dump, path: string): void {
  try {
    for (const entry of decodeProducerSnapshot(readFileSync(path))) {
      let line =
        `producerId: ${entry.producerId} producerEpoch: ${entry.producerEpoch} coordinatorEpoch: ${entry.coordinatorEpoch}` +
        ` currentTxnFirstOffset: ${optionalLong(entry.currentTransactionFirstOffset)} lastTimestamp: ${entry.lastTimestamp}`
      const batch = entry.batches[0]
      if (batch !== undefined) {
        line +=
          ` firstSequence: ${decrementSequence(batch.lastSequence, batch.offsetDelta)} lastSequence: ${batch.lastSequence} lastOffset: ${batch.lastOffset}` +
          ` offsetDelta: ${batch.offsetDelta} timestamp: ${batch.timestamp}`
      }
      dump.print(line)
    }
  } catch (error) {
    if (!(error instanceof CorruptSnapshotError)) throw error
    dump.print(error.message)
  }
}

/** Prints the aborted transactions of a `.txnindex` file. */
export function dumpTransactionIndex(dump: Dump, path: string): void {
  const bytes = readFileSync(path)
  for (let at = 0; at + abortedTransactionBytes <= bytes.length; at += abortedTransactionBytes) {
    const [producerId, firstOffset, lastOffset, lastStableOffset] = [2, 10, 18, 26].map((field) =>
      bytes.readBigInt64BE(at + field),
    )
    dump.print(
      `version: ${bytes.readInt16BE(at)} producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset}` +
        ` lastStableOffset: ${lastStableOffset}`,
    )
  }
}

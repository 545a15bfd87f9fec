import { expect } from 'vitest'
import type { PartitionLog } from '../../src/index.ts'
import { ProducerStateManager } from '../../src/producer-state-manager.ts'

/** The producers of a log are those that its batches from `fromOffset` on make, and others only from before. */
export function expectProducersOfScan(log: PartitionLog, fromOffset: number): void {
  const options = { directory: 'none', fileNames: [], expirationMs: 1e12 }
  const fresh = new ProducerStateManager(log.environment.storage, options)
  for (const segment of log.segments.all) {
    segment.scan(Math.max(segment.baseOffset, fromOffset), (batch) => void fresh.replay(batch))
  }
  for (const [producerId, expected] of fresh.activeProducers) {
    const found = log.producerState.producer(producerId)
    // Of a producer whose data lies before the log start a scan sees its markers only.
    if (expected.lastSequence < 0) continue
    expect(
      { producerId, epoch: found?.producerEpoch, sequence: found?.lastSequence, offset: found?.lastDataOffset },
      `producer ${producerId}`,
    ).toEqual({
      producerId,
      epoch: expected.producerEpoch,
      sequence: expected.lastSequence,
      offset: expected.lastDataOffset,
    })
    const openSince = found?.currentTransactionFirstOffset ?? Number.POSITIVE_INFINITY
    expect(openSince).toBeLessThanOrEqual(expected.currentTransactionFirstOffset ?? Number.POSITIVE_INFINITY)
  }
  for (const { lastDataOffset } of log.producerState.activeProducers.values()) {
    expect(lastDataOffset).toBeLessThan(log.logEndOffset)
  }
}

/** Each index entry names a batch that is there, and the largest timestamp is that of the batches. */
export function expectIndexesOfScan(log: PartitionLog): void {
  for (const segment of log.segments.all) {
    const positions = new Map<number, number>()
    let maxTimestamp = -1
    segment.scan(segment.baseOffset, (batch, position) => {
      positions.set(position, batch.lastOffset)
      maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp)
      return true
    })
    for (const [position, lastOffset] of positions) {
      const entry = segment.offsetIndex.lookup(lastOffset)
      if (entry.position > 0) expect(positions.get(entry.position)).toBe(entry.offset)
      expect(entry.position).toBeLessThanOrEqual(position)
    }
    expect(segment.maxTimestamp.timestamp).toBe(maxTimestamp)
  }
}

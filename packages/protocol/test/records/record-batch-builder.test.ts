import { describe, expect, test } from 'vitest'
import { RecordBatchBuilder, type RecordBatchBuilderOptions, RecordBatchView } from '../../src/index.ts'
import { fromHex, type RecordBatchVector, recordBatchVectors, toHex } from '../record-batch-vectors.ts'

function optionsOf(vector: RecordBatchVector): RecordBatchBuilderOptions {
  return {
    compression: vector.compression,
    baseOffset: Number(vector.baseOffset),
    partitionLeaderEpoch: vector.partitionLeaderEpoch,
    timestampType: vector.timestampType,
    logAppendTimeMs: Number(vector.maxTimestamp),
    producer: {
      producerId: Number(vector.producerId),
      producerEpoch: vector.producerEpoch,
      baseSequence: vector.baseSequence,
      isTransactional: vector.transactional,
    },
  }
}

/**
 * The producers' timestamps. In a LogAppendTime batch they are still in the bytes, under the broker's: without the attribute
 * they come to light.
 */
function timestampsOf(vector: RecordBatchVector): number[] {
  const batch = new RecordBatchView(fromHex(vector.hex))
  batch.setMaxTimestamp('CreateTime', batch.maxTimestamp)
  return Array.from(batch.records(), (record) => record.timestamp)
}

function build(vector: RecordBatchVector): Uint8Array {
  const builder = new RecordBatchBuilder(optionsOf(vector))
  const timestamps = timestampsOf(vector)
  for (const [i, record] of vector.records.entries()) {
    builder.append({
      timestamp: timestamps[i]!,
      key: fromHex(record.keyHex),
      value: fromHex(record.valueHex),
      headers: record.headers.map(([key, value]) => ({ key, value: fromHex(value) })),
    })
  }
  return builder.close()
}

describe('a batch built from the same records as Kafka', () => {
  const uncompressed = recordBatchVectors.filter((vector) => vector.compression === 'none')

  test.each(uncompressed)('$id is the same byte for byte', (vector) => {
    expect(toHex(build(vector))).toBe(vector.hex)
  })
})

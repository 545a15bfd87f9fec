import { type NewRecord, RecordBatchBuilder, type RecordBatchBuilderOptions, recordBatches } from '@odradek/protocol'
import { testStartMs } from './test-clock.ts'

/** A record as tests write it; the timestamp is the start of the test's clock when left out. */
export type TestRecord = Partial<NewRecord>

/** One batch of records as a producer sends it. */
export function batchOf(
  records: readonly (TestRecord | string)[],
  options: RecordBatchBuilderOptions = {},
): Uint8Array {
  const builder = new RecordBatchBuilder(options)
  for (const record of records) {
    const { timestamp = testStartMs, ...rest } = typeof record === 'string' ? { value: record } : record
    builder.append({ timestamp, ...rest })
  }
  return builder.close().slice()
}

/** One batch of an idempotent producer. */
export function idempotentBatch(
  producer: { readonly id: number; readonly epoch?: number; readonly sequence: number },
  ...values: readonly string[]
): Uint8Array {
  const { id: producerId, epoch: producerEpoch = 0, sequence: baseSequence } = producer
  return batchOf(values, { producer: { producerId, producerEpoch, baseSequence, isTransactional: false } })
}

/** A record as a consumer sees it. */
export interface SeenRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
}

/** What a consumer finds in the records field of a Fetch response. */
export function recordsIn(bytes: Uint8Array | null): SeenRecord[] {
  const seen: SeenRecord[] = []
  for (const batch of recordBatches(bytes ?? new Uint8Array())) {
    for (const { offset, key, value } of batch.records()) seen.push({ offset, key: text(key), value: text(value) })
  }
  return seen
}

/** The values alone, in order. */
export function valuesIn(bytes: Uint8Array | null): (string | null)[] {
  return recordsIn(bytes).map(({ value }) => value)
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString()
}

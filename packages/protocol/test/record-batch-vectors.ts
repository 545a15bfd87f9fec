import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { CompressionType, TimestampType } from '../src/index.ts'

/** A golden batch that Kafka wrote, with its content. */
export interface RecordBatchVector {
  readonly id: number
  readonly compression: CompressionType
  readonly baseOffset: string
  readonly lastOffset: string
  readonly partitionLeaderEpoch: number
  readonly producerId: string
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly transactional: boolean
  readonly timestampType: TimestampType
  readonly maxTimestamp: string
  readonly crc: number
  readonly hex: string
  readonly records: readonly {
    readonly offset: string
    readonly timestamp: string
    readonly keyHex: string | null
    readonly valueHex: string | null
    readonly headers: readonly (readonly [string, string | null])[]
  }[]
}

/** A golden batch with an end-of-transaction marker. */
export interface ControlBatchVector {
  readonly id: number
  readonly control: 'COMMIT' | 'ABORT'
  readonly baseOffset: string
  readonly producerId: string
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly partitionLeaderEpoch: number
  readonly hex: string
}

function readVectors(): readonly (RecordBatchVector | ControlBatchVector)[] {
  const file = new URL('./vectors/record-batches.jsonl.gz', import.meta.url)
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as RecordBatchVector | ControlBatchVector)
}

const vectors = readVectors()

/** The golden batches of records. */
export const recordBatchVectors = vectors.filter((vector): vector is RecordBatchVector => !('control' in vector))

/** The golden batches of transaction markers. */
export const controlBatchVectors = vectors.filter((vector): vector is ControlBatchVector => 'control' in vector)

/** Bytes from hex; null stays null. */
export function fromHex(hex: string): Uint8Array
export function fromHex(hex: string | null): Uint8Array | null
export function fromHex(hex: string | null): Uint8Array | null {
  return hex === null ? null : new Uint8Array(Buffer.from(hex, 'hex'))
}

/** Bytes as hex, as in the vectors; null stays null. */
export function toHex(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

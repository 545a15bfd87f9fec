import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { CompressionType, ControlRecordType, TimestampType } from '../src/index.ts'

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

function readLines(name: string): readonly unknown[] {
  const file = new URL(`./vectors/${name}`, import.meta.url)
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  return lines.map((line): unknown => JSON.parse(line))
}

const vectors = readLines('record-batches.jsonl.gz') as readonly (RecordBatchVector | ControlBatchVector)[]

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

/** A message set of magic 0 or 1 that Kafka wrote, with its content. */
export interface LegacyVector {
  readonly id: number
  readonly magic: number
  readonly compression: string
  readonly timestampType: string
  readonly records: readonly { offset: string; timestamp: string; keyHex: string | null; valueHex: string | null }[]
  readonly batches: readonly { baseOffset: string; lastOffset: string; maxTimestamp: string; sizeInBytes: number }[]
  readonly hex: string
}

/** A batch with a control record of KRaft. */
export interface KRaftControlVector {
  readonly control: ControlRecordType
  readonly hex: string
}

/** The message sets of magic 0 and 1. */
export const legacyVectors = readLines('record-batches-legacy.jsonl.gz') as readonly LegacyVector[]

/** The batches with control records of KRaft. */
export const kRaftControlVectors = readLines('record-batches-control.jsonl.gz') as readonly KRaftControlVector[]

/** The bytes of all vectors. */
export function batchesOfEveryKind(): Uint8Array[] {
  return [...vectors, ...legacyVectors, ...kRaftControlVectors].map(({ hex }) => fromHex(hex))
}

import { createRequire } from 'node:module'

/** Deep parts of kafkajs, which has no types for them. */
const require = createRequire(import.meta.url)

interface KafkajsRecord {
  readonly offsetDelta: number
  readonly timestampDelta: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array
}

/** kafkajs 2.2.4: builds a record. */
export const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: KafkajsRecord) => unknown

/** kafkajs: builds a batch. */
export const { RecordBatch: kafkajsRecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  readonly RecordBatch: (batch: Readonly<Record<string, unknown>>) => Promise<{ readonly buffer: Buffer }>
}

interface KafkajsDecoder {
  readonly buffer: Buffer
}

/** kafkajs: reads from bytes. */
export const KafkajsDecoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => KafkajsDecoder

/** kafkajs: reads a batch. */
export const kafkajsReadRecordBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: KafkajsDecoder,
) => Promise<{ readonly records: readonly { readonly value: Buffer }[] }>

/** kafkajs: murmur2 of a key. */
export const kafkajsMurmur2 = require('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number

/** kafkajs: CRC-32C. */
export const kafkajsCrc32c = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number

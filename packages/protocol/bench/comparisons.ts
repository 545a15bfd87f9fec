import {
  createRecordsBatch,
  jsCRC32C,
  Reader as PlatformaticReader,
  crc32c as platformaticCrc32c,
  murmur2 as platformaticMurmur2,
  readRecordsBatch,
} from '@platformatic/kafka'
import { crc32c, crc32cTypeScript, murmur2, RecordBatchBuilder, RecordBatchView } from '../src/index.ts'
import type { Comparison } from './measure.ts'
import {
  KafkajsDecoder,
  kafkajsCrc32c,
  kafkajsMurmur2,
  kafkajsReadRecordBatch,
  kafkajsRecord,
  kafkajsRecordBatch,
} from './peers.ts'

const timestamp = 1_700_000_000_000
/** As many records of 100 bytes as fit into Kafka's default batch of 16 KiB. */
const recordsPerBatch = 150
const values = Array.from({ length: recordsPerBatch }, (_, i) => Buffer.alloc(100, `{"id":${i},"name":"odradek"}`))

const builder = new RecordBatchBuilder({ initialBytes: 32_768 })

function buildBatch(): Uint8Array {
  builder.reset()
  for (let i = 0; i < recordsPerBatch; i++) builder.append({ timestamp: timestamp + i, key: null, value: values[i]! })
  return builder.close()
}

const batch = Buffer.from(buildBatch())
const perRecord = (seconds: number): number => (seconds * 1e6) / recordsPerBatch

/** 100 byte records without a key into a batch, checksum included. */
export const encoding: Comparison = {
  title: `encode a 100 B keyless record into a batch (${recordsPerBatch} records, CRC included)`,
  unit: 'µs/record',
  figure: perRecord,
  higherIsBetter: false,
  target: 0.25,
  contenders: [
    {
      name: '@odradek/protocol',
      run(times) {
        let total = 0
        for (let i = 0; i < times; i++) total += buildBatch().length
        return total
      },
    },
    {
      name: 'kafkajs 2.2.4',
      async run(times) {
        for (let i = 0; i < times; i++) {
          const records = values.map((value, offsetDelta) =>
            kafkajsRecord({ offsetDelta, timestampDelta: offsetDelta, key: null, value }),
          )
          const lastOffsetDelta = recordsPerBatch - 1
          await kafkajsRecordBatch({ firstTimestamp: timestamp, maxTimestamp: timestamp, lastOffsetDelta, records })
        }
      },
    },
    {
      name: '@platformatic/kafka',
      run(times) {
        let total = 0
        for (let i = 0; i < times; i++) {
          const messages = values.map((value, n) => ({ topic: 'topic', value, timestamp: BigInt(timestamp + n) }))
          total += createRecordsBatch(messages).buffer.length
        }
        return total
      },
    },
  ],
}

/** From the bytes of a batch to the length of each value. */
export const iterating: Comparison = {
  title: 'iterate the records of a batch and read the length of each value',
  unit: 'µs/record',
  figure: perRecord,
  higherIsBetter: false,
  target: 0.1,
  contenders: [
    {
      name: '@odradek/protocol records()',
      run(times) {
        let total = 0
        for (let i = 0; i < times; i++) {
          for (const record of new RecordBatchView(batch).records()) total += record.valueLength
        }
        return total
      },
    },
    {
      name: '@odradek/protocol forEachRecord()',
      run(times) {
        let total = 0
        for (let i = 0; i < times; i++) {
          new RecordBatchView(batch).forEachRecord((record) => {
            total += record.valueLength
          })
        }
        return total
      },
    },
    {
      name: '@odradek/protocol records(), value made',
      run(times) {
        let total = 0
        for (let i = 0; i < times; i++) {
          for (const record of new RecordBatchView(batch).records()) total += record.value?.length ?? 0
        }
        return total
      },
    },
    {
      name: 'kafkajs 2.2.4',
      async run(times) {
        let total = 0
        for (let i = 0; i < times; i++) {
          const { records } = await kafkajsReadRecordBatch(new KafkajsDecoder(batch))
          for (const { value } of records) total += value.length
        }
        return total
      },
    },
    {
      name: '@platformatic/kafka',
      run(times) {
        let total = 0
        for (let i = 0; i < times; i++) {
          for (const { value } of readRecordsBatch(PlatformaticReader.from(batch)).records) total += value?.length ?? 0
        }
        return total
      },
    },
  ],
}

const key = Buffer.from('2f1c8a52-6f0e-4d5c-9d8e-5a1b7c3e9f10')

function hashing(name: string, hash: (bytes: Buffer) => number) {
  return {
    name,
    run(times: number) {
      let total = 0
      for (let i = 0; i < times; i++) {
        key[0] = i
        total += hash(key)
      }
      return total
    },
  }
}

/** The hash that finds a key's partition. */
export const murmur2OfKey: Comparison = {
  title: 'murmur2 of a 36 B key',
  unit: 'µs',
  figure: (seconds) => seconds * 1e6,
  higherIsBetter: false,
  target: 0.05,
  contenders: [
    hashing('@odradek/protocol', murmur2),
    hashing('kafkajs 2.2.4', kafkajsMurmur2),
    hashing('@platformatic/kafka', (bytes) => platformaticMurmur2(bytes)),
  ],
}

const checksumBytes = Buffer.from(Uint8Array.from({ length: 16_384 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24))

function checksum(name: string, sum: (bytes: Buffer) => number) {
  return {
    name,
    run(times: number) {
      let total = 0
      for (let i = 0; i < times; i++) total ^= sum(checksumBytes)
      return total
    },
  }
}

/** The checksum of a batch of Kafka's default size. */
export const crc32cOfBatch: Comparison = {
  title: 'CRC-32C of 16 KiB',
  unit: 'GB/s',
  figure: (seconds) => checksumBytes.length / seconds / 1e9,
  higherIsBetter: true,
  target: 1,
  contenders: [
    checksum('@odradek/protocol, TypeScript', crc32cTypeScript),
    checksum('@odradek/protocol, with @node-rs/crc32', crc32c),
    checksum('kafkajs 2.2.4', kafkajsCrc32c),
    checksum('@platformatic/kafka, JavaScript', jsCRC32C),
    checksum('@platformatic/kafka, WebAssembly', platformaticCrc32c),
  ],
}

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { Producer } from '@odradek/producer'
import { Producer as PlatformaticProducer, ProduceAcks } from '@platformatic/kafka'
import kafkajs from 'kafkajs'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import type { ClientName, ProducerWorkload } from '../producer/workload.ts'

/** A record to send. */
export interface BenchRecord {
  readonly key: Buffer | undefined
  readonly value: Buffer
}

/** A client that is ready to send, with acks=all, and idempotent where it can be. */
export interface BenchClient {
  /** Resolves when all records are acknowledged. */
  send(records: readonly BenchRecord[]): Promise<unknown>
  close(): Promise<unknown>
}

/** Opens a client. */
export const openClient: Readonly<Record<ClientName, (workload: ProducerWorkload) => Promise<BenchClient>>> = {
  async odradek({ bootstrap, topic, compression, mode }) {
    const producer = new Producer({
      bootstrapServers: bootstrap,
      compressionType: compression,
      // Who awaits every record gains nothing from lingering.
      ...(mode === 'awaited' ? { lingerMs: 0 } : {}),
    })
    return {
      send: ([first, ...rest]) =>
        rest.length === 0
          ? producer.send({ topic, key: first!.key ?? null, value: first!.value })
          : producer.send([first!, ...rest].map(({ key, value }) => ({ topic, key: key ?? null, value }))),
      close: () => producer.close(),
    }
  },
  async kafkajs({ bootstrap, topic, compression }) {
    const { CompressionCodecs, CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs
    const codec = (compress: (data: Buffer) => Uint8Array, decompress: (data: Buffer) => Uint8Array) => () => ({
      compress: async (encoder: { readonly buffer: Buffer }) => Buffer.from(compress(encoder.buffer)),
      decompress: async (data: Buffer) => Buffer.from(decompress(data)),
    })
    CompressionCodecs[CompressionTypes.LZ4] = codec((data) => compressFrameSync(data), decompressFrameSync)
    CompressionCodecs[CompressionTypes.ZSTD] = codec(zstdCompressSync, zstdDecompressSync)
    const types = { none: CompressionTypes.None, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD }
    const producer = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).producer({
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    return {
      send: (records) =>
        producer.send({
          topic,
          acks: -1,
          compression: types[compression],
          messages: records.map(({ key, value }) => ({ value, ...(key === undefined ? {} : { key }) })),
        }),
      close: () => producer.disconnect(),
    }
  },
  async platformatic({ bootstrap, topic, compression }) {
    const producer = new PlatformaticProducer({
      clientId: 'bench',
      bootstrapBrokers: bootstrap.split(','),
      compression,
      idempotent: true,
      acks: ProduceAcks.ALL,
    })
    return {
      send: (records) =>
        producer.send({
          messages: records.map(({ key, value }) => ({ topic, value, ...(key === undefined ? {} : { key }) })),
        }),
      close: () => producer.close(),
    }
  },
}

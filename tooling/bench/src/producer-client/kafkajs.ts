import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import kafkajs from 'kafkajs'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import type { OpenClient } from './bench-client.ts'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs

/** kafkajs, which brings neither lz4 nor zstd: they are plugged in as its documentation tells. */
export const openKafkajs: OpenClient = async ({ bootstrap, topic, compression: codec }) => {
  CompressionCodecs[CompressionTypes.LZ4] = pluggedIn((data) => compressFrameSync(data), decompressFrameSync)
  CompressionCodecs[CompressionTypes.ZSTD] = pluggedIn(zstdCompressSync, zstdDecompressSync)
  const types = { none: CompressionTypes.None, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD }
  const producer = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).producer({
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const options = { topic, acks: -1, compression: types[codec] }
  return {
    sendOne: ({ key, value }) => producer.send({ ...options, messages: [{ key, value }] }),
    sendMany: (records) => producer.send({ ...options, messages: records.map(({ key, value }) => ({ key, value })) }),
    close: () => producer.disconnect(),
  }
}

function pluggedIn(compress: (data: Buffer) => Uint8Array, decompress: (data: Buffer) => Uint8Array) {
  return () => ({
    compress: async (encoder: { readonly buffer: Buffer }) => Buffer.from(compress(encoder.buffer)),
    decompress: async (data: Buffer) => Buffer.from(decompress(data)),
  })
}

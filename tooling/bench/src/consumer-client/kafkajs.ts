import kafkajs from 'kafkajs'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { type OpenClient, orExit } from './bench-client.ts'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs

/** kafkajs does not bring lz4: it is plugged in as its documentation tells. */
function openKafkajs(by: 'batch' | 'message'): OpenClient {
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async (encoder: { readonly buffer: Buffer }) => Buffer.from(await compressFrameSync(encoder.buffer)),
    decompress: async (data: Buffer) => Buffer.from(decompressFrameSync(data)),
  })
  return ({ bootstrap, topic, groupId, reading }) => {
    const consumer = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId })
    const begin = async () => {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      if (by === 'message') {
        await consumer.run({
          eachMessage: async ({ message: { key, value } }) => {
            reading.take(key, value)
            const pause = reading.pause(1)
            if (pause !== undefined) await pause
          },
        })
        return
      }
      await consumer.run({
        eachBatch: async ({ batch: { messages } }) => {
          for (const { key, value } of messages) reading.take(key, value)
          await reading.pause(messages.length)
        },
      })
    }
    orExit(begin())
    return () => consumer.disconnect()
  }
}

/** A handler of batches. */
export const openKafkajsBatch: OpenClient = openKafkajs('batch')

/** A handler of records. */
export const openKafkajsMessage: OpenClient = openKafkajs('message')

/**
 * kafkajs. It has no consumer without a group, so reading goes through the cluster and broker objects that its consumer stands on; its
 * public consumer is used where groups are. Of the codecs it brings only gzip; the others are plugged in as its documentation says.
 */
import { createRequire } from 'node:module'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import kafkajs from 'kafkajs'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import type { Codec, ForeignClient, ProduceRequest, ReadRequest } from '../foreign-client.ts'
import { base64, type ConsumedRecord, fromBase64, type InteropRecord } from '../record.ts'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs
const require = createRequire(import.meta.url)

interface FetchedMessage {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer | null | readonly (Buffer | null)[]>>
  readonly isControlRecord?: boolean
}

interface FetchAnswer {
  readonly responses: readonly {
    readonly partitions: readonly {
      readonly partition: number
      readonly highWatermark: string
      readonly messages: readonly FetchedMessage[]
    }[]
  }[]
}

interface Broker {
  fetch(request: object): Promise<FetchAnswer>
}

interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>
  findBroker(where: { nodeId: string }): Promise<Broker>
}

type ClusterClass = new (options: object) => Cluster

const compressionTypes: Record<Codec, number> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
}

/** kafkajs, all five codecs. */
export class KafkajsClient implements ForeignClient {
  readonly name = 'kafkajs'
  readonly limits = { noNullHeaders: true } as const

  constructor() {
    plugInCodecs()
  }

  async produce(request: ProduceRequest): Promise<void> {
    const kafka = client(request.bootstrap)
    const producer = kafka.producer({
      idempotent: request.idempotent,
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    })
    await producer.connect()
    try {
      await producer.send({
        topic: request.topic,
        acks: -1,
        compression: compressionTypes[request.codec],
        messages: request.records.map((record) => ({ ...toMessage(record), partition: request.partition })),
      })
    } finally {
      await producer.disconnect()
    }
  }

  async read(request: ReadRequest): Promise<readonly ConsumedRecord[]> {
    const start = await startOffset(request)
    const cluster = newCluster(request.bootstrap)
    await cluster.connect()
    try {
      await cluster.addTargetTopic(request.topic)
      const leaders = Object.keys(cluster.findLeaderForPartitions(request.topic, [request.partition]))
      const broker = await cluster.findBroker({ nodeId: leaders[0]! })
      const records: ConsumedRecord[] = []
      for (let next = start; ; ) {
        const partitions = [{ partition: request.partition, fetchOffset: String(next), maxBytes: 1_048_576 }]
        const answer = await broker.fetch({ maxWaitTime: 50, topics: [{ topic: request.topic, partitions }] })
        const { highWatermark, messages } = answer.responses[0]!.partitions[0]!
        // A batch comes whole, also when the fetch asked for its middle.
        const fresh = messages.filter(({ offset }) => Number(offset) >= next)
        for (const message of fresh) if (!message.isControlRecord) records.push(toRecord(request.partition, message))
        next = fresh.length === 0 ? next : Number(fresh.at(-1)!.offset) + 1
        if (next >= Number(highWatermark)) return records
      }
    } finally {
      await cluster.disconnect()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every request has its own connections.
  }
}

function client(bootstrap: string): InstanceType<typeof Kafka> {
  return new Kafka({ clientId: 'interop', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
}

async function startOffset(request: ReadRequest): Promise<number> {
  if ('offset' in request.from) return request.from.offset
  const admin = client(request.bootstrap).admin()
  await admin.connect()
  try {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(request.topic, request.from.timestamp)
    return Number(offsets.find(({ partition }) => partition === request.partition)?.offset)
  } finally {
    await admin.disconnect()
  }
}

function newCluster(bootstrap: string): Cluster {
  const ClusterOfKafkajs = require('kafkajs/src/cluster') as ClusterClass
  const socketFactory = require('kafkajs/src/network/socketFactory') as () => object
  const silent = () => undefined
  const logger = { namespace: () => logger, debug: silent, info: silent, warn: silent, error: silent }
  return new ClusterOfKafkajs({
    logger,
    socketFactory: socketFactory(),
    brokers: () => bootstrap.split(','),
    clientId: 'interop',
    connectionTimeout: 1_000,
    authenticationTimeout: 10_000,
    reauthenticationThreshold: 10_000,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
  })
}

function toMessage({ key, value, headers, timestamp }: InteropRecord) {
  const grouped: Record<string, Buffer | Buffer[]> = {}
  for (const [name, text] of headers) {
    const content = fromBase64(text) ?? Buffer.alloc(0)
    const before = grouped[name]
    if (before === undefined) grouped[name] = content
    else grouped[name] = Array.isArray(before) ? [...before, content] : [before, content]
  }
  return {
    key: fromBase64(key),
    value: fromBase64(value),
    headers: grouped,
    ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
  }
}

function toRecord(partition: number, message: FetchedMessage): ConsumedRecord {
  return {
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: base64(message.key),
    value: base64(message.value),
    headers: Object.entries(message.headers).flatMap(([name, content]) =>
      (Array.isArray(content) ? content : [content]).map((one: Buffer | null) => [name, base64(one)] as const),
    ),
  }
}

interface Encoder {
  readonly buffer: Buffer
}

function plugInCodecs(): void {
  const snappy = require('snappyjs') as { compress(data: Buffer): Buffer; uncompress(data: Buffer): Buffer }
  const codec = (compress: (data: Buffer) => Uint8Array, decompress: (data: Buffer) => Uint8Array) => () => ({
    compress: async (encoder: Encoder) => Buffer.from(compress(encoder.buffer)),
    decompress: async (data: Buffer) => Buffer.from(decompress(data)),
  })
  CompressionCodecs[CompressionTypes.Snappy] = codec(snappy.compress, (data) =>
    uncompressXerial(data, snappy.uncompress),
  )
  CompressionCodecs[CompressionTypes.LZ4] = codec((data) => compressFrameSync(data), decompressFrameSync)
  CompressionCodecs[CompressionTypes.ZSTD] = codec(zstdCompressSync, zstdDecompressSync)
}

/** Java and Go frame snappy blocks: a header of 16 bytes that starts with 0x82 "SNAPPY", then length and block, repeated. */
function uncompressXerial(data: Buffer, uncompress: (block: Buffer) => Buffer): Buffer {
  if (data.toString('latin1', 0, 7) !== '\x82SNAPPY') return uncompress(data)
  const blocks: Buffer[] = []
  for (let at = 16; at < data.length; ) {
    const length = data.readInt32BE(at)
    blocks.push(uncompress(data.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  return Buffer.concat(blocks)
}

import {
  encodeResponseFrame,
  errors,
  FrameDecoder,
  type Input,
  incrementSequence,
  Reader,
  RecordBatchView,
  readRequestHeader,
  zeroUuid,
} from '@odradek/protocol'
import { requestType, responseType } from '@odradek/protocol/lookup'
import type { MetadataRequest, ProduceRequest, ProduceResponse } from '@odradek/protocol/messages'
import type { Connection, Transport } from '@odradek/runtime'

/** A batch as it came. */
export interface ReceivedBatch {
  readonly topic: string
  readonly partition: number
  readonly values: readonly string[]
  /** Key and value of every header of every record. */
  readonly headers: readonly (readonly (readonly [string, string])[])[]
  readonly bytes: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly compression: string
}

/** A Produce request as it came. */
export interface ReceivedProduce {
  readonly number: number
  readonly atMs: number
  readonly acks: number
  readonly batches: readonly ReceivedBatch[]
}

/** What the script says of a Produce request: nothing special, no answer, the end of the connection, or an error without writing. */
export type Verdict =
  | undefined
  | 'silent'
  | 'close'
  | 'write-and-close'
  | { readonly error: keyof typeof errors; readonly logStartOffset?: number }

/** How the broker of a test is made. */
export interface ScriptedBrokerOptions {
  readonly transport: Transport
  readonly now: () => number
  readonly partitions: number
  /** Topics that exist; any when left out. */
  readonly topics?: readonly string[]
  /** Which broker of which cluster it is; the only one of its own when left out. */
  readonly nodeId?: number
  readonly cluster?: ScriptedCluster
}

/** What the brokers of one cluster share: who leads, and the logs, as if replication took no time. */
export interface ScriptedCluster {
  leaderId: number
  leaderEpoch: number
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
  readonly partitions: Map<string, Partition>
  /** Whether a broker that does not lead tells who does (KIP-951). */
  tellsLeader: boolean
}

/** A cluster of brokers `broker`, `broker-2` and so on, the first of which leads. */
export function scriptedCluster(size: number): ScriptedCluster {
  const brokers = Array.from({ length: size }, (_, index) => {
    return { nodeId: index + 1, host: index === 0 ? 'broker' : `broker-${index + 1}`, port: 9092 }
  })
  return { leaderId: 1, leaderEpoch: 1, brokers, partitions: new Map(), tellsLeader: true }
}

interface Partition {
  readonly values: string[]
  /** By producer id: epoch, sequence after the last, and the base offsets of the batches by their first sequence. */
  readonly producers: Map<number, { epoch: number; next: number; written: Map<number, number> }>
}

const clusterApis = [0, 3, 18, 22]

/** A broker in a simulated world that keeps records as Kafka does, idempotence included, and fails as its script says. */
export class ScriptedBroker {
  readonly produced: ReceivedProduce[] = []
  readonly connections = new Set<Connection>()
  /** Decides about each Produce request. */
  onProduce: (request: ReceivedProduce) => Verdict = () => undefined
  /** A newest version for an API, lower than ours. */
  readonly maxVersions = new Map<number, number>()
  largestBatchBytes = Number.POSITIVE_INFINITY
  metadataRequests = 0
  readonly #options: ScriptedBrokerOptions
  readonly #cluster: ScriptedCluster
  readonly #nodeId: number
  #nextProducerId = 1000

  constructor(options: ScriptedBrokerOptions) {
    this.#options = options
    this.#cluster = options.cluster ?? scriptedCluster(1)
    this.#nodeId = options.nodeId ?? 1
  }

  /** Listens at its address. */
  async listen(): Promise<void> {
    const { host, port } = this.#cluster.brokers[this.#nodeId - 1]!
    await this.#options.transport.listen({ host, port }, (connection) => this.#accept(connection))
  }

  /** The values in a partition, in their order. */
  log(topic: string, partition = 0): readonly string[] {
    return this.#partition(topic, partition).values
  }

  /** Forgets what it knows of producers, as retention makes a broker do. */
  forgetProducers(): void {
    for (const { producers } of this.#cluster.partitions.values()) producers.clear()
  }

  #accept(connection: Connection): void {
    const frames = new FrameDecoder()
    this.connections.add(connection)
    connection.start({
      data: (chunk) => {
        for (const frame of frames.push(chunk)) this.#handle(connection, frame)
      },
      close: () => this.connections.delete(connection),
    })
  }

  #handle(connection: Connection, frame: Uint8Array): void {
    const reader = new Reader(frame)
    const { requestApiKey: key, requestApiVersion: version, correlationId } = readRequestHeader(reader)
    const newest = this.maxVersions.get(key)
    const tooNew = key === 18 && newest !== undefined && version > newest
    const body = tooNew ? {} : requestType(key)!.read(reader, version)
    const answer = tooNew ? this.#apiVersions(errors.UNSUPPORTED_VERSION.code) : this.#answer(key, body, connection)
    if (answer === undefined) return
    connection.write(encodeResponseFrame(responseType(key)!, answer, { version: tooNew ? 0 : version, correlationId }))
  }

  #answer(key: number, body: object, connection: Connection): object | undefined {
    switch (key) {
      case 18:
        return this.#apiVersions(0)
      case 3:
        return this.#metadata(body as MetadataRequest)
      case 22:
        return { producerId: this.#nextProducerId++, producerEpoch: 0 }
      default:
        return this.#produce(body as ProduceRequest, connection)
    }
  }

  #apiVersions(errorCode: number): object {
    const apiKeys = clusterApis.map((apiKey) => {
      const { minVersion, maxVersion } = requestType(apiKey)!
      // Names are easier to script than ids.
      const newest = apiKey === 0 ? 12 : maxVersion
      return { apiKey, minVersion, maxVersion: this.maxVersions.get(apiKey) ?? newest }
    })
    return { errorCode, apiKeys }
  }

  #metadata({ topics }: MetadataRequest): object {
    this.metadataRequests++
    const known = this.#options.topics
    return {
      clusterId: 'cluster',
      controllerId: 1,
      brokers: this.#cluster.brokers,
      topics: (topics ?? []).map(({ name }) => {
        if (known?.includes(name ?? '') === false) {
          return { name, errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION.code, topicId: zeroUuid }
        }
        const partitions = Array.from({ length: this.#options.partitions }, (_, partitionIndex) => {
          const { leaderId, leaderEpoch } = this.#cluster
          return { partitionIndex, leaderId, leaderEpoch, replicaNodes: [leaderId], isrNodes: [leaderId] }
        })
        return { name, errorCode: 0, topicId: zeroUuid, partitions }
      }),
    }
  }

  #produce(request: ProduceRequest, connection: Connection): Input<ProduceResponse> | undefined {
    const batches = request.topicData.flatMap(({ name, partitionData }) =>
      partitionData.map(({ index, records }) => received(name, index, records!)),
    )
    const seen = { number: this.produced.length, atMs: this.#options.now(), acks: request.acks, batches }
    this.produced.push(seen)
    const verdict = this.onProduce(seen)
    if (verdict === 'silent') return undefined
    if (verdict === 'close') {
      connection.destroy()
      return undefined
    }
    const written = batches.map((batch) => ({ batch, ...this.#judge(batch, verdict) }))
    if (verdict === 'write-and-close') connection.destroy()
    if (request.acks === 0 || verdict === 'write-and-close') return undefined
    const names = [...new Set(batches.map(({ topic }) => topic))]
    return {
      nodeEndpoints: this.#tells ? this.#cluster.brokers : [],
      responses: names.map((name) => ({
        name,
        partitionResponses: written
          .filter(({ batch }) => batch.topic === name)
          .map(({ batch, ...answer }) => ({ index: batch.partition, ...answer, ...this.#currentLeader() })),
      })),
    }
  }

  #judge(batch: ReceivedBatch, verdict: Verdict): { errorCode: number; baseOffset: number; logStartOffset: number } {
    if (typeof verdict === 'object') {
      return { errorCode: errors[verdict.error].code, baseOffset: -1, logStartOffset: verdict.logStartOffset ?? -1 }
    }
    if (!this.#leads) return refusal('NOT_LEADER_OR_FOLLOWER')
    if (batch.bytes > this.largestBatchBytes) {
      return { errorCode: errors.MESSAGE_TOO_LARGE.code, baseOffset: -1, logStartOffset: -1 }
    }
    return this.#append(batch)
  }

  get #leads(): boolean {
    return this.#cluster.leaderId === this.#nodeId
  }

  get #tells(): boolean {
    return !this.#leads && this.#cluster.tellsLeader
  }

  #currentLeader(): object {
    const { leaderId, leaderEpoch } = this.#cluster
    return this.#tells ? { currentLeader: { leaderId, leaderEpoch } } : {}
  }

  /** What a leader does with a batch: a repeated one is answered as written, one out of order is refused. */
  #append(batch: ReceivedBatch): { errorCode: number; baseOffset: number; logStartOffset: number } {
    const { values, producers } = this.#partition(batch.topic, batch.partition)
    const baseOffset = values.length
    if (batch.producerId >= 0) {
      const known = producers.get(batch.producerId)
      const state =
        known?.epoch === batch.producerEpoch ? known : { epoch: batch.producerEpoch, next: 0, written: new Map() }
      if (known !== undefined && batch.producerEpoch < known.epoch) return refusal('INVALID_PRODUCER_EPOCH')
      const before = state.written.get(batch.baseSequence)
      if (before !== undefined) return { errorCode: 0, baseOffset: before, logStartOffset: 0 }
      if (batch.baseSequence !== state.next) {
        return refusal(known === undefined ? 'UNKNOWN_PRODUCER_ID' : 'OUT_OF_ORDER_SEQUENCE_NUMBER')
      }
      state.written.set(batch.baseSequence, baseOffset)
      state.next = incrementSequence(batch.baseSequence, batch.values.length)
      producers.set(batch.producerId, state)
    }
    values.push(...batch.values)
    return { errorCode: 0, baseOffset, logStartOffset: 0 }
  }

  #partition(topic: string, partition: number): Partition {
    const name = `${topic}-${partition}`
    const known = this.#cluster.partitions.get(name)
    if (known !== undefined) return known
    const made: Partition = { values: [], producers: new Map() }
    this.#cluster.partitions.set(name, made)
    return made
  }
}

function refusal(name: keyof typeof errors): { errorCode: number; baseOffset: number; logStartOffset: number } {
  return { errorCode: errors[name].code, baseOffset: -1, logStartOffset: 0 }
}

function received(topic: string, partition: number, bytes: Uint8Array): ReceivedBatch {
  const batch = new RecordBatchView(bytes)
  if (!batch.hasValidCrc()) throw new Error('a batch with a wrong checksum')
  const text = (data: Uint8Array | null) => new TextDecoder().decode(data ?? new Uint8Array())
  const values = [...batch.records()].map(({ value }) => text(value))
  const headers = [...batch.records()].map((record) =>
    record.headers.map(({ key, value }) => [key, text(value)] as const),
  )
  const { producerId, producerEpoch, baseSequence, compression } = batch
  return {
    topic,
    partition,
    values,
    headers,
    bytes: bytes.length,
    producerId,
    producerEpoch,
    baseSequence,
    compression,
  }
}

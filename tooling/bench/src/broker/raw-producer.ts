import {
  decodeResponse,
  encodeRequestFrame,
  FrameDecoder,
  type Input,
  type MessageType,
  RecordBatchBuilder,
} from '@odradek/protocol'
import {
  metadataRequest,
  metadataResponse,
  type ProduceResponse,
  produceRequest,
  produceResponse,
} from '@odradek/protocol/messages'
import type { Address, Connection } from '@odradek/runtime'
import { NodeTransport } from '@odradek/runtime/node'

/** A request at a time over one connection: the least a client can do, so that the broker is what is measured. */
export class RawClient {
  readonly #connection: Connection
  readonly #decoder = new FrameDecoder()
  #answered: { resolve(frame: Uint8Array): void; reject(error: Error): void } | undefined
  #correlationId = 0

  private constructor(connection: Connection) {
    this.#connection = connection
    connection.start({
      data: (chunk) => {
        for (const frame of this.#decoder.push(chunk)) this.#answered?.resolve(frame)
      },
      close: (error) => this.#answered?.reject(error ?? new Error('the broker closed the connection')),
    })
  }

  static async connect(address: Address): Promise<RawClient> {
    return new RawClient(await new NodeTransport().connect({ ...address, timeoutMs: 1000 }))
  }

  async request<Response extends object, Request extends object>(
    types: { readonly request: MessageType<Request>; readonly response: MessageType<Response> },
    body: Input<Request>,
    version: number,
  ): Promise<Response> {
    const correlationId = ++this.#correlationId
    const frame = await new Promise<Uint8Array>((resolve, reject) => {
      this.#answered = { resolve, reject }
      this.#connection.write(encodeRequestFrame(types.request, body, { version, correlationId, clientId: 'bench' }))
    })
    return decodeResponse(types.response, frame, version).body
  }

  close(): void {
    this.#connection.destroy()
  }
}

/** Sends one record of 100 bytes with acks=all; resolves with the partition's error code. */
export async function produceOne(client: RawClient, topic: string): Promise<number> {
  const batch = new RecordBatchBuilder()
  batch.append({ key: null, value: new Uint8Array(100), timestamp: Date.now() })
  const topicData = [{ name: topic, partitionData: [{ index: 0, records: batch.close() }] }]
  const types = { request: produceRequest, response: produceResponse }
  const response: ProduceResponse = await client.request(types, { acks: -1, timeoutMs: 30_000, topicData }, 9)
  return response.responses[0]?.partitionResponses[0]?.errorCode ?? -1
}

/** Makes a topic by asking for it. */
export async function autoCreate(client: RawClient, topic: string): Promise<void> {
  const body = { topics: [{ name: topic }], allowAutoTopicCreation: true }
  await client.request({ request: metadataRequest, response: metadataResponse }, body, 9)
}

const patienceMs = 60_000

/** Tries until a broker that is starting acknowledges a record; resolves with `performance.now()` at that moment. */
export async function firstAcknowledgedRecord(address: Address): Promise<number> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      const client = await RawClient.connect(address)
      try {
        for (;;) {
          await autoCreate(client, 'first-record')
          if ((await produceOne(client, 'first-record')) === 0) return performance.now()
        }
      } finally {
        client.close()
      }
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { encodeRequestFrame, FrameDecoder, RecordBatchBuilder } from '@odradek/protocol'
import { apiVersionsRequest, fetchRequest, metadataRequest, produceRequest } from '@odradek/protocol/messages'
import type { EmbeddedBroker } from '../../src/index.ts'

/** A socket to a broker that sends what a test wants, good or bad, and keeps what comes back. */
export class RawSocket implements AsyncDisposable {
  readonly socket: Socket
  readonly frames: Uint8Array[] = []
  readonly #decoder = new FrameDecoder()
  #arrived: () => void = () => undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => undefined)
  }

  static async connect(broker: EmbeddedBroker): Promise<RawSocket> {
    const socket = connect({ host: broker.host, port: broker.port, noDelay: true })
    await once(socket, 'connect')
    return new RawSocket(socket)
  }

  /** Begins to read; without it what the broker sends stays with the kernel. */
  read(): this {
    this.socket.on('data', (chunk) => {
      for (const frame of this.#decoder.push(new Uint8Array(chunk))) this.frames.push(frame)
      this.#arrived()
    })
    return this
  }

  send(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.socket.write(chunk)
  }

  /** Resolves when that many answers came. */
  async answers(count: number): Promise<readonly number[]> {
    while (this.frames.length < count) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
    return this.frames.map((frame) => Buffer.from(frame).readInt32BE(0))
  }

  /** Resolves when the broker has closed the connection. */
  async closed(): Promise<void> {
    this.socket.resume()
    if (!this.socket.closed) await once(this.socket, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    if (!this.socket.closed) await once(this.socket, 'close')
  }
}

/** An ApiVersions request, the smallest there is. */
export function ping(correlationId: number): Uint8Array {
  return joined(encodeRequestFrame(apiVersionsRequest, {}, { version: 0, correlationId, clientId: 'raw' }))
}

/** Asks for a topic, and so makes it. */
export function makeTopic(name: string, correlationId: number): Uint8Array {
  const body = { topics: [{ name }], allowAutoTopicCreation: true }
  return joined(encodeRequestFrame(metadataRequest, body, { version: 9, correlationId, clientId: 'raw' }))
}

/** One batch with one record of that many bytes. */
export function produceTo(
  topic: string,
  bytes: number,
  options: { readonly acks: number; readonly correlationId: number },
): Uint8Array {
  const batch = new RecordBatchBuilder()
  batch.append({ key: null, value: new Uint8Array(bytes), timestamp: 1 })
  const { acks, correlationId } = options
  const topicData = [{ name: topic, partitionData: [{ index: 0, records: batch.close() }] }]
  const body = { acks, timeoutMs: 1000, topicData }
  return joined(encodeRequestFrame(produceRequest, body, { version: 9, correlationId, clientId: 'raw' }))
}

/** Asks for everything in partition 0 from the start on. */
export function fetchFrom(topic: string, correlationId: number): Uint8Array {
  const partition = { partition: 0, fetchOffset: 0, partitionMaxBytes: 0x7fff_ffff }
  const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topic, partitions: [partition] }] }
  return joined(encodeRequestFrame(fetchRequest, body, { version: 4, correlationId, clientId: 'raw' }))
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks)
}

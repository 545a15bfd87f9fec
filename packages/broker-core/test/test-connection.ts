import { decodeResponse, encodeRequestFrame, FrameDecoder, type Input, type MessageType } from '@odradek/protocol'
import type { Connection } from '@odradek/runtime'

/** An API as its handler names it: the codecs of both directions. */
export interface Api<Request extends object, Response extends object> {
  readonly request: MessageType<Request>
  readonly response: MessageType<Response>
}

/** A client's connection: real frames out, real frames in. */
export class TestConnection {
  readonly connection: Connection
  /** Resolves with the reason when the connection is over. */
  readonly closed: Promise<Error | undefined>
  /** Correlation ids of the answers, in the order they came. */
  readonly answered: number[] = []
  readonly #decoder = new FrameDecoder()
  readonly #waiting = new Map<number, { answer: (frame: Uint8Array) => void; fail: (error: Error) => void }>()
  /** Called with each answer to which no request of `request` or `frame` belongs. */
  onFrame: (frame: Uint8Array) => void = () => undefined
  #nextCorrelationId = 1
  #over = false

  constructor(connection: Connection) {
    this.connection = connection
    this.closed = new Promise((resolve) => {
      connection.start({
        data: (chunk) => this.#receive(chunk),
        close: (error) => {
          this.#over = true
          for (const { fail } of this.#waiting.values()) fail(error ?? new Error('the broker closed the connection'))
          this.#waiting.clear()
          resolve(error)
        },
      })
    })
  }

  get isOpen(): boolean {
    return !this.#over
  }

  /** Requests without an answer so far. */
  get pending(): number {
    return this.#waiting.size
  }

  /** Sends a request and resolves with the decoded answer; rejects when the connection ends first. */
  async request<Request extends object, Response extends object>(
    api: Api<Request, Response>,
    version: number,
    body: Input<Request>,
  ): Promise<Response> {
    return decodeResponse(api.response, await this.frame(api.request, version, body), version).body
  }

  /** As `request`, with the answer as it came, for answers in another version than the request's. */
  frame<Request extends object>(
    type: MessageType<Request>,
    version: number,
    body: Input<Request>,
  ): Promise<Uint8Array> {
    const correlationId = this.send(type, version, body)
    return new Promise((answer, fail) => {
      this.#waiting.set(correlationId, { answer, fail })
    })
  }

  /** Sends a request without waiting; answers its correlation id. */
  send<Request extends object>(type: MessageType<Request>, version: number, body: Input<Request>): number {
    const correlationId = this.#nextCorrelationId++
    this.connection.write(encodeRequestFrame(type, body, { version, correlationId, clientId: 'test' }))
    return correlationId
  }

  /** Sends bytes as they are. */
  write(...bytes: readonly Uint8Array[]): void {
    this.connection.write(bytes)
  }

  close(): void {
    this.connection.destroy()
  }

  #receive(chunk: Uint8Array): void {
    for (const frame of this.#decoder.push(chunk)) {
      const correlationId = Buffer.from(frame.buffer, frame.byteOffset).readInt32BE(0)
      this.answered.push(correlationId)
      const waiting = this.#waiting.get(correlationId)
      this.#waiting.delete(correlationId)
      if (waiting === undefined) this.onFrame(frame)
      else waiting.answer(frame)
    }
  }
}

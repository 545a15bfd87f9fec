import { decodeResponse, encodeRequestFrame, FrameDecoder, type Input, type MessageType } from '@odradek/protocol'
import type { Connection } from '@odradek/runtime'

/** An API of Kafka in the one version that the simulations speak. */
export interface Api<Request extends object, Response extends object> {
  readonly request: MessageType<Request>
  readonly response: MessageType<Response>
  readonly version: number
}

/** The connection ended before the answer came: nobody knows whether the request was carried out. */
export class ConnectionEnded extends Error {
  override readonly name = 'ConnectionEnded'
}

interface Waiting {
  answer(frame: Uint8Array): void
  fail(error: Error): void
}

/** A client's connection with nothing between the test and the frames: no retries, no timeouts, answers in the order of the requests. */
export class ClientConnection {
  readonly #connection: Connection
  readonly #decoder = new FrameDecoder()
  readonly #waiting: Waiting[] = []
  #correlationId = 0
  #ended = false

  constructor(connection: Connection) {
    this.#connection = connection
    connection.start({
      data: (chunk) => {
        for (const frame of this.#decoder.push(chunk)) this.#waiting.shift()?.answer(frame)
      },
      close: () => this.#end(),
    })
  }

  get isOpen(): boolean {
    return !this.#ended
  }

  /** Sends a request and resolves with the answer. @throws ConnectionEnded */
  async request<Request extends object, Response extends object>(
    api: Api<Request, Response>,
    body: Input<Request>,
  ): Promise<Response> {
    if (this.#ended) throw new ConnectionEnded('the connection has ended')
    const frame = await new Promise<Uint8Array>((answer, fail) => {
      this.#waiting.push({ answer, fail })
      const correlationId = this.#correlationId++
      this.#connection.write(
        encodeRequestFrame(api.request, body, { version: api.version, correlationId, clientId: 'sim' }),
      )
    })
    return decodeResponse(api.response, frame, api.version).body
  }

  /** Gives the connection up; whoever waits is told at once, even when the other machine is dead. */
  close(): void {
    this.#end()
    this.#connection.destroy()
  }

  #end(): void {
    this.#ended = true
    for (const { fail } of this.#waiting.splice(0)) fail(new ConnectionEnded('the connection ended without an answer'))
  }
}

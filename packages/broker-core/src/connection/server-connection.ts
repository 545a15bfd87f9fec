import { FrameDecoder, ProtocolError } from '@odradek/protocol'
import type { Clock, Connection } from '@odradek/runtime'
import type { ConnectionContext } from './connection-context.ts'

/** Frames that may wait behind the one being answered before the client is held back. */
const maxQueuedFrames = 64
const maxQueuedBytes = 4 * 1024 * 1024

/** Answers one frame: the chunks of the response, null when none is due; an exception ends the connection. */
export type AnswerFrame = (
  frame: Uint8Array,
  context: ConnectionContext,
) => readonly Uint8Array[] | null | Promise<readonly Uint8Array[] | null>

export interface ServerConnectionOptions {
  readonly listenerName: string
  readonly securityProtocol: string
  /** Position of the connection among those of the broker's life. */
  readonly index: number
  /** `socket.request.max.bytes`. */
  readonly maxFrameBytes: number
  /** `connections.max.idle.ms`; -1 for no limit. */
  readonly maxIdleMs: number
  readonly clock: Clock
  readonly answer: AnswerFrame
  /** Called once, when the connection is over; `error` when the broker or the network ended it. */
  closed(connection: ServerConnection, error: Error | undefined): void
}

/**
 * A client's connection: frames in, responses out, one request at a time and answers in the order of requests, as Kafka's
 * network layer does it. What a client can make the broker hold is bounded: frames that wait are counted, and while the client
 * does not read its answers no further request of its is begun.
 */
export class ServerConnection implements ConnectionContext {
  readonly id: string
  readonly listenerName: string
  readonly securityProtocol: string
  readonly remote: ConnectionContext['remote']
  readonly principal = 'User:ANONYMOUS'
  clientSoftwareName = ''
  clientSoftwareVersion = ''
  readonly #connection: Connection
  readonly #options: ServerConnectionOptions
  readonly #decoder: FrameDecoder
  readonly #frames: Uint8Array[] = []
  readonly #closeListeners = new Set<() => void>()
  #whenSent: (() => void)[] = []
  #queuedBytes = 0
  #answering = false
  #blocked = false
  #paused = false
  #closed = false
  #lastActiveMs: number

  constructor(connection: Connection, options: ServerConnectionOptions) {
    const { local, remote } = connection
    this.id = `${local.host}:${local.port}-${remote.host}:${remote.port}-${options.index}`
    this.listenerName = options.listenerName
    this.securityProtocol = options.securityProtocol
    this.remote = remote
    this.#connection = connection
    this.#options = options
    this.#decoder = new FrameDecoder({ maxFrameBytes: options.maxFrameBytes })
    this.#lastActiveMs = options.clock.monotonicMs()
    connection.start({
      data: (chunk) => this.#receive(chunk),
      drain: () => this.#drained(),
      close: (error) => this.#over(error),
    })
    this.#watchIdle()
  }

  onClose(callback: () => void): () => void {
    this.#closeListeners.add(callback)
    return () => {
      this.#closeListeners.delete(callback)
    }
  }

  whenSent(callback: () => void): void {
    if (this.#connection.isByReference !== true) this.#whenSent.push(callback)
  }

  /** Drops the connection; `error` is what the log says about it. */
  destroy(error?: Error): void {
    this.#connection.destroy(error)
    this.#over(error)
  }

  #receive(chunk: Uint8Array): void {
    if (this.#closed) return
    this.#lastActiveMs = this.#options.clock.monotonicMs()
    try {
      for (const frame of this.#decoder.push(chunk)) {
        this.#frames.push(frame)
        this.#queuedBytes += frame.length
      }
    } catch (error) {
      this.destroy(asError(error))
      return
    }
    this.#work()
    this.#holdBack()
  }

  /** Answers frames until one takes time, the client stops reading, or none is left. */
  #work(): void {
    while (!this.#answering && !this.#blocked && !this.#closed) {
      const frame = this.#frames.shift()
      if (frame === undefined) return
      this.#queuedBytes -= frame.length
      try {
        const answer = this.#options.answer(frame, this)
        if (answer instanceof Promise) this.#await(answer)
        else this.#send(answer)
      } catch (error) {
        this.destroy(asError(error))
      }
    }
  }

  #await(answer: Promise<readonly Uint8Array[] | null>): void {
    this.#answering = true
    answer.then(
      (chunks) => {
        this.#answering = false
        this.#send(chunks)
        this.#work()
        this.#holdBack()
      },
      (error) => this.destroy(asError(error)),
    )
  }

  #send(chunks: readonly Uint8Array[] | null): void {
    if (chunks === null || this.#closed) return
    this.#lastActiveMs = this.#options.clock.monotonicMs()
    this.#blocked = !this.#connection.write(chunks)
    this.#tellSent()
  }

  /** While a request is being answered, what waits may belong to an answer that is not written yet. */
  #tellSent(): void {
    if (this.#whenSent.length === 0 || this.#answering || this.#connection.pendingBytes > 0 || this.#closed) return
    const callbacks = this.#whenSent
    this.#whenSent = []
    for (const callback of callbacks) callback()
  }

  #drained(): void {
    this.#blocked = false
    this.#tellSent()
    this.#work()
    this.#holdBack()
  }

  #holdBack(): void {
    const full = this.#frames.length >= maxQueuedFrames || this.#queuedBytes >= maxQueuedBytes
    if (full === this.#paused || this.#closed) return
    this.#paused = full
    if (full) this.#connection.pause()
    else this.#connection.resume()
  }

  #watchIdle(): void {
    const { clock, maxIdleMs } = this.#options
    if (maxIdleMs < 0) return
    const idleMs = clock.monotonicMs() - this.#lastActiveMs
    if (idleMs >= maxIdleMs && !this.#answering) {
      this.destroy()
      return
    }
    // A connection that is being answered is not idle however long that takes; it is looked at again after a while.
    const waitMs = idleMs >= maxIdleMs ? maxIdleMs : maxIdleMs - idleMs
    clock.setTimer(`idle-${this.id}`, Math.max(waitMs, 1), () => this.#watchIdle())
  }

  #over(error: Error | undefined): void {
    if (this.#closed) return
    this.#closed = true
    this.#frames.length = 0
    this.#whenSent = []
    this.#options.clock.cancelTimer(`idle-${this.id}`)
    for (const listener of this.#closeListeners) listener()
    this.#closeListeners.clear()
    this.#options.closed(this, error)
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new ProtocolError(String(error))
}

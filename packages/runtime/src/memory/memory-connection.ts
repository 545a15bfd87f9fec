import type { Address, Connection, ConnectionHandlers } from '../transport.ts'

/** More than this on its way makes `write` answer false. */
const highWaterBytes = 256 * 1024

export interface MemoryConnectionOptions {
  readonly local: Address
  readonly remote: Address
  readonly defer: (callback: () => void) => void
}

/**
 * One end of a stream within the process. Each end keeps what has come for it (`#inbox`) until its handlers take it; that is what
 * the other end has pending.
 */
export class MemoryConnection implements Connection {
  readonly isByReference = true
  readonly local: Address
  readonly remote: Address
  readonly #defer: (callback: () => void) => void
  #peer: MemoryConnection | undefined
  #handlers: ConnectionHandlers | undefined
  #inbox: Uint8Array[] = []
  #inboxBytes = 0
  #scheduled = false
  #paused = false
  #needsDrain = false
  /** This end sends nothing more. */
  #ended = false
  #state: 'open' | 'closing' | 'closed' = 'open'
  #reason: Error | undefined

  constructor(options: MemoryConnectionOptions) {
    this.local = options.local
    this.remote = options.remote
    this.#defer = options.defer
  }

  /** Makes the two the ends of one stream. */
  join(peer: MemoryConnection): void {
    this.#peer = peer
    peer.#peer = this
  }

  get pendingBytes(): number {
    return this.#state === 'open' ? this.#peer!.#inboxBytes : 0
  }

  start(handlers: ConnectionHandlers): void {
    if (this.#handlers !== undefined) throw new Error('the handlers are set already')
    this.#handlers = handlers
    this.#wake()
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const peer = this.#peer!
    if (this.#ended || peer.#state !== 'open') return false
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      peer.#inbox.push(chunk)
      peer.#inboxBytes += chunk.length
    }
    peer.#wake()
    this.#needsDrain ||= peer.#inboxBytes > highWaterBytes
    return !this.#needsDrain
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#peer!.#wake()
    this.#wake()
  }

  destroy(error?: Error): void {
    if (this.#state !== 'open') return
    this.#ended = true
    this.#close(error)
    this.#wake()
    // The peer still reads what had been handed to it, then sees the end.
    this.#peer!.#wake()
  }

  #wake(): void {
    if (this.#scheduled || this.#state === 'closed') return
    this.#scheduled = true
    this.#defer(() => {
      this.#scheduled = false
      this.#advance()
    })
  }

  /** Hands over what has come, then what follows from it: the drain of the other end, the end of the stream, the close. */
  #advance(): void {
    const handlers = this.#handlers
    if (handlers === undefined) return
    if (this.#state === 'open' && !this.#paused && this.#inbox.length > 0) this.#deliver(handlers)
    if (this.#inbox.length > 0 && !this.#paused) this.#wake()
    if (this.#needsDrain && this.#state === 'open' && this.pendingBytes === 0) {
      this.#needsDrain = false
      handlers.drain?.()
    }
    if (this.#state === 'open' && this.#inbox.length === 0 && this.#peer!.#ended && !this.#paused) {
      this.end()
      if (this.#peer!.#inbox.length === 0) this.#close(undefined)
    }
    if (this.#state === 'closing') {
      this.#state = 'closed'
      handlers.close(this.#reason)
    }
  }

  /** One round: the chunks that are there now. What the handlers cause meanwhile comes in the next. */
  #deliver(handlers: ConnectionHandlers): void {
    const chunks = this.#inbox
    this.#inbox = []
    for (let index = 0; index < chunks.length; index++) {
      if (this.#state !== 'open') return
      if (this.#paused) {
        this.#inbox = [...chunks.slice(index), ...this.#inbox]
        return
      }
      const chunk = chunks[index]!
      this.#inboxBytes -= chunk.length
      handlers.data(chunk)
    }
    const peer = this.#peer!
    if (this.#inboxBytes === 0 && (peer.#needsDrain || peer.#ended)) peer.#wake()
  }

  #close(reason: Error | undefined): void {
    this.#state = 'closing'
    this.#reason = reason
    this.#inbox = []
    this.#inboxBytes = 0
    this.#peer!.#wake()
  }
}

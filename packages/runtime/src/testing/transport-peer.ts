import type { Address, Connection } from '../transport.ts'

/** One end of a connection that remembers what came. */
export class Peer {
  readonly connection: Connection
  /** Settles with the reason when the connection has closed. */
  readonly closed: Promise<Error | undefined>
  readonly chunks: Uint8Array[] = []
  bytes = 0
  closes = 0
  onData: (() => void) | undefined
  #tellClosed: (error: Error | undefined) => void = () => undefined
  #started = false
  #drains: (() => void)[] = []
  #waits: { readonly bytes: number; readonly resolve: () => void }[] = []

  constructor(connection: Connection) {
    this.connection = connection
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve
    })
  }

  get local(): Address {
    return this.connection.local
  }

  get remote(): Address {
    return this.connection.remote
  }

  get content(): Uint8Array {
    return Buffer.concat(this.chunks)
  }

  get text(): string {
    return new TextDecoder().decode(this.content)
  }

  start(): void {
    this.#started = true
    this.connection.start({
      data: (chunk) => {
        this.chunks.push(chunk)
        this.bytes += chunk.length
        this.onData?.()
        for (const wait of this.#waits) if (this.bytes >= wait.bytes) wait.resolve()
      },
      drain: () => {
        for (const resolve of this.#drains.splice(0)) resolve()
      },
      close: (error) => {
        this.closes++
        this.#tellClosed(error)
      },
    })
  }

  startIfNeeded(): void {
    if (!this.#started) this.start()
  }

  write(chunks: readonly Uint8Array[]): boolean {
    return this.connection.write(chunks)
  }

  /** Resolves when so many bytes have come in all. */
  received(bytes: number): Promise<void> {
    if (this.bytes >= bytes) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waits.push({ bytes, resolve })
    })
  }

  /** Resolves at the next drain. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drains.push(resolve)
    })
  }
}

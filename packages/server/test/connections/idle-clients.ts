import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EmbeddedBroker } from '../../src/index.ts'
import { ping } from './raw-socket.ts'

const script = fileURLToPath(new URL('idle-clients-process.ts', import.meta.url))

/** Many connections to a broker from a process of their own, since a process has but so many sockets. */
export class IdleClients implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(broker: EmbeddedBroker, count: number) {
    const frame = Buffer.from(ping(1)).toString('hex')
    const options = ['--disable-warning=ExperimentalWarning', script, String(broker.port), String(count), frame]
    this.#process = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  /** Resolves when all are connected. */
  static async connect(broker: EmbeddedBroker, { count }: { readonly count: number }): Promise<IdleClients> {
    const clients = new IdleClients(broker, count)
    await clients.#hear('connected')
    return clients
  }

  /** Lets each send one request; resolves when each has its answer. */
  async speak(): Promise<void> {
    this.#process.stdin!.write('\n')
    await this.#hear('answered')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }

  async #hear(word: string): Promise<void> {
    const { value } = await this.#lines.next()
    if (value !== word) throw new Error(`the idle clients were to be ${word} and say ${value ?? 'nothing'}`)
  }
}

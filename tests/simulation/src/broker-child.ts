import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('broker-process.ts', import.meta.url))

/** A broker in a child process, on a directory. */
export class BrokerChild {
  readonly #process: ChildProcess
  readonly #exited: Promise<unknown>
  #errors = ''

  constructor(dataDir: string) {
    const options = ['--conditions=@odradek/source', '--disable-warning=ExperimentalWarning']
    this.#process = spawn(process.execPath, [...options, script, dataDir], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#exited = once(this.#process, 'exit')
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString()
    })
  }

  /** The port, once the broker takes requests; undefined when it was killed before. @throws Error when it ends by itself */
  async port(): Promise<number | undefined> {
    const line = await Promise.race([once(this.#process.stdout!, 'data'), this.#exited.then(() => undefined)])
    if (line !== undefined) return Number(String(line[0]))
    if (this.#process.killed) return undefined
    throw new Error(`the broker did not start: ${this.#errors}`)
  }

  /** Ends the process with a signal and resolves when it is gone; answers the exit code. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.#process.kill(signal)
    await this.#exited
    if (this.#errors !== '') throw new Error(`the broker complains: ${this.#errors}`)
    return this.#process.exitCode
  }
}

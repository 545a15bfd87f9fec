import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** An error that a driver answered with: the foreign exception's name and message. */
export class ForeignError extends Error {
  /** Name of the exception, as its own language spells it. */
  readonly foreignName: string

  constructor(foreignName: string, message: string) {
    super(`${foreignName}: ${message}`)
    this.name = 'ForeignError'
    this.foreignName = foreignName
  }
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly name: string; readonly message: string }
}

/** A child process that answers one JSON object a line; it saves the start of a JVM or an interpreter for each request. */
export class LineDriver implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<void>
  #lastId = 0
  #stderr = ''

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child = child
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    child.stdin.on('error', () => undefined)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-8_000)
    })
    createInterface({ input: child.stdout }).on('line', (line) => this.#answered(JSON.parse(line) as Answer))
    this.#ended = new Promise((resolve) => {
      const end = (why: string) => {
        process.off('exit', kill)
        for (const { reject } of this.#waiting.values()) reject(new Error(`${command} ${why}: ${this.#stderr}`))
        this.#waiting.clear()
        resolve()
      }
      child.on('error', (error) => end(error.message))
      child.on('close', (code) => end(`ended with ${code}`))
    })
  }

  /** Sends one request and resolves with what the driver answers, in the shape the driver's own source tells. */
  request<Result>(op: string, args: unknown): Promise<Result> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) {
      return Promise.reject(new Error(`the driver is gone: ${this.#stderr}`))
    }
    const id = ++this.#lastId
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as Result), reject })
      this.#child.stdin?.write(`${JSON.stringify({ id, op, args })}\n`)
    })
  }

  /** Closes the driver's input and waits until it is gone. */
  async close(): Promise<void> {
    this.#child.stdin?.end()
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 5_000)
    await this.#ended
    clearTimeout(kill)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if (waiting === undefined) return
    this.#waiting.delete(answer.id)
    if (answer.error === undefined) waiting.resolve(answer.result)
    else waiting.reject(new ForeignError(answer.error.name, answer.error.message))
  }
}

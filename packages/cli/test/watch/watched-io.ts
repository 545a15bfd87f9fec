import type { Clock } from '@odradek/runtime'
import type { CommandIo } from '../../src/command/command-io.ts'

/** 2026-11-23 12:00:00 UTC. */
const startMs = Date.UTC(2026, 10, 23, 12)

/** What a watching command sees: time that passes as soon as it is waited for, and an end after so many waits. */
export class WatchedIo implements CommandIo {
  /** What was written to standard output, one entry a call. */
  readonly written: string[] = []
  /** What was written to standard error. */
  complaints = ''
  readonly isTerminal: boolean
  readonly hasColor: boolean
  readonly columns: number
  readonly rows: number
  readonly stdin = noInput()
  readonly clock: Clock
  readonly #interrupted = new AbortController()
  readonly signal = this.#interrupted.signal
  #elapsedMs = 0
  #waits = 0

  constructor({
    looks,
    ...terminal
  }: { looks: number } & Partial<Pick<CommandIo, 'isTerminal' | 'hasColor' | 'columns' | 'rows'>>) {
    this.isTerminal = terminal.isTerminal ?? false
    this.hasColor = terminal.hasColor ?? false
    this.columns = terminal.columns ?? 80
    this.rows = terminal.rows ?? 24
    this.clock = {
      now: () => startMs + this.#elapsedMs,
      monotonicMs: () => this.#elapsedMs,
      setTimer: (_key, delayMs, callback) => {
        this.#waits++
        this.#elapsedMs += delayMs
        if (this.#waits < looks) queueMicrotask(callback)
        else this.interrupt()
      },
      cancelTimer: () => {},
      afterTurn: queueMicrotask,
    }
  }

  /** Ctrl-C */
  interrupt(): void {
    this.#interrupted.abort('SIGINT')
  }

  readonly out = (text: string | Uint8Array): void => {
    this.written.push(String(text))
  }

  readonly err = (text: string): void => {
    this.complaints += text
  }

  readonly readFile = (path: string): Promise<string> => Promise.reject(new Error(`there is no ${path}`))
}

async function* noInput(): AsyncGenerator<Uint8Array> {}

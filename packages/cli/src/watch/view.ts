import type { CommandIo } from '../command/command-io.ts'
import type { StyledLine } from './styled-line.ts'

/** What one look has found: what a command prints while it looks, and lines with styles. */
export class View {
  /** Where the command prints to while it looks. What goes to standard error is part of the view on a terminal only. */
  readonly io: CommandIo
  readonly #lines: StyledLine[] = []
  #open = ''

  constructor(io: CommandIo) {
    const write = (text: string | Uint8Array) =>
      this.#write(typeof text === 'string' ? text : Buffer.from(text).toString())
    this.io = { ...io, out: write, err: io.isTerminal ? write : io.err }
  }

  /** Adds lines below what was printed. */
  add(...lines: readonly StyledLine[]): void {
    this.#endLine()
    this.#lines.push(...lines)
  }

  /** All lines, without empty ones at the beginning and the end. */
  lines(): readonly StyledLine[] {
    this.#endLine()
    const isShown = (line: StyledLine) => line.some(({ text }) => text !== '')
    return this.#lines.slice(Math.max(0, this.#lines.findIndex(isShown)), this.#lines.findLastIndex(isShown) + 1)
  }

  #write(text: string): void {
    const parts = (this.#open + text).split('\n')
    this.#open = parts.pop()!
    this.#lines.push(...parts.map((part) => [{ text: part }]))
  }

  #endLine(): void {
    if (this.#open !== '') this.#lines.push([{ text: this.#open }])
    this.#open = ''
  }
}

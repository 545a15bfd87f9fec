import type { Clock } from '@odradek/runtime'

/** What a command reads from and writes to, so that a test can stand where the terminal stands. */
export interface CommandIo {
  /** Writes text to standard output as it is, and resolves when it was taken. Rejects with EPIPE when nobody reads any more. */
  readonly out: (text: string | Uint8Array) => Promise<void> | void
  /** Writes text to standard error as it is. */
  readonly err: (text: string) => void
  /** What is typed or piped in; `isTTY` when somebody types. */
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean }
  /** Whether standard output is a terminal: colour and progress are for those only. */
  readonly isTerminal: boolean
  /** Width of the terminal in columns; 80 when there is none. */
  readonly columns: number
  /** Height of the terminal in rows; 24 when there is none. */
  readonly rows: number
  /** Whether the terminal shows colour, and its user wants it (https://no-color.org). */
  readonly hasColor: boolean
  readonly clock: Clock
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal
  /** Reads a file of properties, as text. @throws the error of the file system */
  readonly readFile: (path: string) => Promise<string>
}

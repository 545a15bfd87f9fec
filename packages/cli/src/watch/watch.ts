import type { CommandIo } from '../command/command-io.ts'
import { interruptedExitCode } from '../command/interrupted.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import { openScreen } from './screen.ts'
import type { StyledLine } from './styled-line.ts'
import { View } from './view.ts'

/** Looks once, and prints to the view's `io` or adds lines to it. What it throws is shown, and it is called again. */
export type Look = (view: View) => Promise<unknown>

/** What is watched, and how often. */
export interface Watch {
  /** The command line, for the header; undefined leaves the header out where there is no terminal. */
  readonly commandLine: string
  readonly intervalMs: number
  /** What is printed without a terminal is for a program: nothing is added to it. */
  readonly isJson?: boolean
}

/** Looks again and again until Ctrl-C or SIGTERM, and answers the exit code then. A look that is under way is not waited for. */
export async function watch(
  io: CommandIo,
  look: Look,
  { commandLine, intervalMs, isJson = false }: Watch,
): Promise<number> {
  const { signal, clock } = io
  const interrupted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const screen = await openScreen(io)
  try {
    while (!signal.aborted) {
      const view = new View(io)
      await Promise.race([looked(view, look), interrupted])
      if (signal.aborted) break
      const lines = view.lines()
      const hasHeader = io.isTerminal || !isJson
      await screen.show(hasHeader ? [header(commandLine, intervalMs, clock.now()), ...below(io, lines)] : lines)
      await Promise.race([new Promise<void>((resolve) => clock.setTimer('watch', intervalMs, resolve)), interrupted])
    }
  } finally {
    clock.cancelTimer('watch')
    await screen.restore()
  }
  return interruptedExitCode(signal)
}

async function looked(view: View, look: Look): Promise<void> {
  try {
    await look(view)
  } catch (error) {
    view.add([{ text: `Error: ${failureMessage(error)}`, style: 'red' }])
  }
}

/** The time comes first, so that a narrow terminal cuts the command only. */
function header(commandLine: string, intervalMs: number, nowMs: number): StyledLine {
  const time = new Date(nowMs).toISOString().replace('T', ' ').slice(0, 19)
  return [{ text: `${time} UTC, every ${intervalMs / 1000} s: ${commandLine}`, style: 'bold' }]
}

function below(io: CommandIo, lines: readonly StyledLine[]): readonly StyledLine[] {
  return io.isTerminal && lines.length > 0 ? [[], ...lines] : lines
}

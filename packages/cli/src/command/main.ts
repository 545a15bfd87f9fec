import { readFile } from 'node:fs/promises'
import { enableCompileCache } from 'node:module'
import { NodeClock } from '@odradek/runtime/node'
import type { Command } from './command.ts'
import { CommandExit } from './command-exit.ts'
import type { CommandIo } from './command-io.ts'
import { interruptedExitCode } from './interrupted.ts'
import { isBrokenPipe, StandardOutput } from './standard-output.ts'

/** Runs a command in this process, with its arguments, and leaves its exit code. */
export async function main(load: () => Promise<Command>): Promise<void> {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort(signal)
      // Whoever asks a second time does not want to wait for a clean end.
      process.once(signal, () => process.exit(1))
    })
  }
  // The second run of a version finds its code compiled.
  enableCompileCache()
  const command = await load()
  process.exitCode = await runCommand(command, process.argv.slice(2), processIo(interrupted.signal))
  // An input that is still open would keep the process.
  if (interrupted.signal.aborted) process.stdin.destroy()
}

/** Runs a command to its exit code: whatever it throws becomes words on standard error and 1. */
export async function runCommand(command: Command, args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await command.run(args, io)
  } catch (error) {
    if (error instanceof CommandExit) {
      if (error.standardOutput !== '') await io.out(error.standardOutput)
      io.err(error.standardError)
      return error.exitCode
    }
    if (io.signal.aborted) return interruptedExitCode(io.signal)
    // A reader that goes away (`| head`) ends the command without a word, as it ends every other.
    if (isBrokenPipe(error)) return 0
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

function processIo(signal: AbortSignal): CommandIo {
  return {
    out: new StandardOutput(process.stdout).write,
    err: (text) => process.stderr.write(text),
    stdin: process.stdin,
    isTerminal: process.stdout.isTTY === true,
    // A terminal may change its size at any time; one that does not know its size has 0.
    get columns() {
      return process.stdout.columns || 80
    },
    get rows() {
      return process.stdout.rows || 24
    },
    hasColor: process.stdout.isTTY === true && process.stdout.hasColors(),
    clock: new NodeClock(),
    signal,
    readFile: (path) => readFile(path, 'utf8'),
  }
}

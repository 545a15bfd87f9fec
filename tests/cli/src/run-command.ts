import { readFile } from 'node:fs/promises'
import { type CommandIo, type CommandName, loadCommand, runCommand } from '@odradek/cli'
import { NodeClock } from '@odradek/runtime/node'

/** How a command ended and what it said. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs one of our commands in this process, as if its output were no terminal. */
export async function runOurs(name: CommandName, args: readonly string[]): Promise<Outcome> {
  const decoder = new TextDecoder()
  let stdout = ''
  let stderr = ''
  const io: CommandIo = {
    out: (text) => {
      stdout += typeof text === 'string' ? text : decoder.decode(text, { stream: true })
    },
    err: (text) => {
      stderr += text
    },
    stdin: noInput(),
    isTerminal: false,
    columns: 80,
    rows: 24,
    hasColor: false,
    clock: new NodeClock(),
    signal: new AbortController().signal,
    readFile: (path) => readFile(path, 'utf8'),
  }
  const code = await runCommand(await loadCommand(name), args, io)
  return { code, stdout, stderr }
}

async function* noInput(): AsyncGenerator<Uint8Array> {}

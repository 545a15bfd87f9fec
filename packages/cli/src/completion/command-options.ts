import { NodeClock } from '@odradek/runtime/node'
import { type CommandName, loadCommand } from '../command/commands.ts'
import { runCommand } from '../command/main.ts'

/** The options of a command, with their dashes: whatever begins a line of its help. */
export async function commandOptions(name: CommandName): Promise<readonly string[]> {
  let help = ''
  const write = (text: string | Uint8Array) => {
    help += String(text)
  }
  await runCommand(await loadCommand(name), ['--help'], {
    out: write,
    err: write,
    stdin: emptyInput(),
    isTerminal: false,
    columns: 80,
    rows: 24,
    hasColor: false,
    clock: new NodeClock(),
    signal: new AbortController().signal,
    readFile: () => Promise.reject(new Error('no files are read for help')),
  })
  return [
    ...new Set([...help.matchAll(/^(?:\* | {2})?(--[a-z][\w.-]*)(?=[ ,\n])/gm)].map(([, option]) => option!)),
  ].sort()
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {}

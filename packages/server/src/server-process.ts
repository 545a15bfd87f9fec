/** The process behind `kafka-server-start`: its arguments, its standard streams, its signals. */
import { NodeStorage } from '@odradek/runtime/node'
import { runServerStart } from './server-start-command.ts'

/** Runs the command with what Node knows of this process, and sets its exit code. `version` is the package's own. */
export async function runServerProcess(version: string): Promise<void> {
  process.exitCode = await runServerStart(process.argv.slice(2), {
    storage: new NodeStorage(),
    version,
    isTerminal: process.stderr.isTTY === true,
    stopped: firstSignal(),
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
  })
}

function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal)
        // Whoever asks a second time does not want to wait for a clean end.
        process.once(signal, () => process.exit(1))
      })
    }
  })
}

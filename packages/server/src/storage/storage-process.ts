/** The process behind `kafka-storage`. */
import { NodeClock, NodeRandom, NodeStorage } from '@odradek/runtime/node'
import { runStorageTool } from './storage-tool.ts'

/** Runs the command with the arguments of this process, and sets its exit code. */
export function runStorageProcess(): void {
  process.exitCode = runStorageTool(process.argv.slice(2), {
    storage: new NodeStorage(),
    random: new NodeRandom(),
    clock: new NodeClock(),
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
  })
}

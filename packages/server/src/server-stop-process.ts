/** The process behind `kafka-server-stop`: the list of processes, signals, standard streams. */
import { execFileSync } from 'node:child_process'
import { runServerStop } from './server-stop-command.ts'

/** Runs the command on the processes of this machine, and sets the exit code. */
export function runServerStopProcess(): void {
  process.exitCode = runServerStop({
    processes: execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
    kill: (pid, signal) => process.kill(pid, signal),
    signal: process.env['SIGNAL'] ?? 'TERM',
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
  })
}

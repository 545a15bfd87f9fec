/** `kafka-server-stop`: asks the brokers of this machine to end, as Kafka's script does. */
import type { CommandOutput } from './command-line.ts'

/** What the command works with. */
export interface ServerStopContext extends CommandOutput {
  /** A process a line, its id and then its command line: `ps -A -o pid=,args=`. */
  readonly processes: string
  /** Sends a signal. @throws when the process has gone or is somebody else's */
  readonly kill: (pid: number, signal: string) => void
  /** As the variable `SIGNAL` names it, `TERM` without. */
  readonly signal: string
}

/** Sends the signal to every process that `kafka-server-start` runs in. Answers the exit code: 1 when there is none. */
export function runServerStop({ processes, kill, signal, out, err }: ServerStopContext): number {
  const pids = serverPids(processes)
  if (pids.length === 0) {
    out('No kafka server to stop')
    return 1
  }
  let exitCode = 0
  for (const pid of pids) {
    try {
      kill(pid, `SIG${signal.replace(/^SIG/, '')}`)
    } catch (error) {
      err(`kill: (${pid}) - ${error instanceof Error ? error.message : String(error)}`)
      exitCode = 1
    }
  }
  return exitCode
}

/** Ids of the processes in which Node runs `kafka-server-start`, also by way of `odradek server-start`. */
export function serverPids(processes: string): number[] {
  const pids: number[] = []
  for (const line of processes.split('\n')) {
    const [pid, program, ...args] = line.trim().split(/\s+/)
    if (program === undefined || !/(?:^|\/)node$/.test(program)) continue
    const [script, first] = args.filter((arg) => !arg.startsWith('-'))
    if (script === undefined) continue
    const name = script.replace(/^.*\//, '').replace(/\.(?:sh|js|ts)$/, '')
    const isServer =
      name === 'kafka-server-start' || (name === 'odradek' && /^(?:kafka-)?server-start$/.test(first ?? ''))
    if (isServer) pids.push(Number(pid))
  }
  return pids
}

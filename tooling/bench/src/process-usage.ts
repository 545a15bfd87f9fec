import { readFileSync } from 'node:fs'

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** What a process has used so far, as the kernel tells it. */
export interface ProcessUsage {
  /** User and system time of all threads, seconds. */
  readonly cpuSeconds: number
  /** Resident memory now and at its peak, MiB. */
  readonly residentMib: number
  readonly peakMib: number
}

/** Reads /proc; Linux only. */
export function processUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the command in parentheses, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
  return { cpuSeconds, residentMib: mib('VmRSS'), peakMib: mib('VmHWM') }
}

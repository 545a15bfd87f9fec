import { spawn } from 'node:child_process'

/** How a program ended and what it wrote. */
export interface Ended {
  readonly stdout: Buffer
  readonly stderr: string
  readonly code: number | null
}

/** What `runProgram` takes beside the command. */
export interface ProgramOptions {
  readonly stdin?: string | Uint8Array
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Kills the program when it is over; a minute if not given. */
  readonly timeoutMs?: number
}

/** Runs a program to its end. Rejects only when it cannot start. */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    const timer = setTimeout(kill, options.timeoutMs ?? 60_000)
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program that fails early closes its input before it has read it all; its exit code tells the story.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.stdin ?? '')
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('exit', kill)
      resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8'), code })
    })
  })
}

/** Runs a program and rejects with its output unless it ends with 0. */
export async function mustRun(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  const ended = await runProgram(program, args, options)
  if (ended.code !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${ended.code}: ${ended.stdout}${ended.stderr}`)
  }
  return ended
}

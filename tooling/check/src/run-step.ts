import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import type { Step } from './steps.ts'

/** How a step ended. */
export interface StepResult {
  readonly step: Step
  readonly passed: boolean
  readonly seconds: number
  /** Standard output and standard error, in the order they came. */
  readonly output: string
}

/** Runs one step from `root` and resolves when its process is gone; never rejects. */
export function runStep(step: Step, root: string): Promise<StepResult> {
  const started = performance.now()
  const [program, ...args] = step.command
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    const end = (passed: boolean) =>
      resolve({
        step,
        passed,
        seconds: (performance.now() - started) / 1000,
        output: Buffer.concat(chunks).toString('utf8'),
      })
    const child = spawn(program, args, { cwd: root, env: stepEnvironment(root), stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${program} did not start: ${error.message}\n`))
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

/** The Node that `npm install` put beside the tools comes first, and no tool asks questions or reports home. */
function stepEnvironment(root: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    NO_UPDATE_NOTIFIER: '1',
  }
}

import type { StepResult } from './run-step.ts'
import type { Step } from './steps.ts'

/** What `runSteps` needs beside the steps. */
export interface RunOptions {
  /** Cores to keep busy at once; a step that wants more than there are runs alone. */
  readonly cores: number
  /** Runs one step; never rejects. */
  readonly run: (step: Step) => Promise<StepResult>
  /** Told as each step ends. */
  readonly ended: (result: StepResult) => void
}

/** Runs steps in their order, as many at once as cores allow, and resolves with the results in that same order. */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<readonly StepResult[]> {
  const results = new Map<Step, StepResult>()
  const running = new Set<Promise<void>>()
  let busyCores = 0
  for (const step of steps) {
    const cores = Math.min(step.cores, options.cores)
    while (busyCores + cores > options.cores) await Promise.race(running)
    busyCores += cores
    const done: Promise<void> = options.run(step).then((result) => {
      busyCores -= cores
      running.delete(done)
      results.set(step, result)
      options.ended(result)
    })
    running.add(done)
  }
  await Promise.all(running)
  return steps.flatMap((step) => results.get(step) ?? [])
}

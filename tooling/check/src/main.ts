/**
 * `npm test`: the whole check. A machine with two cores runs two single-threaded steps at a time and then, alone, those that
 * bring workers of their own. A failed step does not stop the others: one run tells all that is wrong.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { runStep } from './run-step.ts'
import { runSteps } from './run-steps.ts'
import { selectSteps } from './select-steps.ts'
import { steps } from './steps.ts'
import { failureText, summaryText } from './summary.ts'

const root = resolve(import.meta.dirname, '../../..')

async function main(): Promise<void> {
  const selected = selectSteps(steps, process.argv.slice(2))
  const started = performance.now()
  const results = await runSteps(selected, {
    cores: Math.max(2, availableParallelism()),
    run: (step) => runStep(step, root),
    ended: (result) => {
      if (!result.passed) process.stdout.write(failureText(result))
    },
  })
  process.stdout.write(summaryText(results, (performance.now() - started) / 1000))
  if (results.some(({ passed }) => !passed)) process.exitCode = 1
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
})

import type { StepResult } from './run-step.ts'

/** What is printed at once when a step fails: its output and what to do. */
export function failureText(result: StepResult): string {
  const { step, output } = result
  const title = `--- ${step.name} failed: ${step.command.join(' ')}`
  return `\n${title}\n${output.trimEnd()}\n--- ${step.name}: ${step.remedy}\n`
}

/** The table at the end: one line a step with its seconds, the failed ones named once more. */
export function summaryText(results: readonly StepResult[], wallSeconds: number): string {
  const width = Math.max(...results.map(({ step }) => step.name.length))
  const lines = results.map(({ step, passed, seconds }) => {
    return `${passed ? 'ok    ' : 'FAILED'} ${step.name.padEnd(width)} ${seconds.toFixed(1).padStart(6)} s  ${step.promise}`
  })
  const failed = results.filter(({ passed }) => !passed).map(({ step }) => step.name)
  const verdict =
    failed.length === 0
      ? `all ${results.length} steps passed in ${wallSeconds.toFixed(1)} s`
      : `failed: ${failed.join(', ')} (again: npm test -- --only ${failed.join(',')})`
  return `\n${lines.join('\n')}\n\n${verdict}\n`
}

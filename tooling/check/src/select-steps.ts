import { parseArgs } from 'node:util'
import type { Step } from './steps.ts'

/**
 * The steps that the command line asks for: all, or those of `--only name,name`.
 * Throws an `Error` that lists the names when one is unknown.
 */
export function selectSteps(steps: readonly Step[], commandLine: readonly string[]): readonly Step[] {
  const { values } = parseArgs({ args: [...commandLine], options: { only: { type: 'string', multiple: true } } })
  if (values.only === undefined) return steps
  const names = values.only.flatMap((list) => list.split(','))
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    throw new Error(`no step named ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`)
  }
  return steps.filter(({ name }) => names.includes(name))
}

import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ConsumerContestant } from './contestant.ts'
import type { Scenario } from './scenarios.ts'
import type { ConsumerMeasurement } from './workload.ts'

interface NodeContestantOptions {
  /** What `consumer-client/main.ts` calls it. */
  readonly client: string
  readonly refusal?: (scenario: Scenario) => string | undefined
}

const script = resolve(import.meta.dirname, '../consumer-client/main.ts')

/** A client in JavaScript, as npm installs it: ours is built first. */
export function nodeContestant(name: string, { client, refusal }: NodeContestantOptions): ConsumerContestant {
  return {
    name,
    absence: async () => undefined,
    refusal: refusal ?? (() => undefined),
    async run(workload) {
      const { stdout } = await promisify(execFile)(process.execPath, [script, client, JSON.stringify(workload)])
      // JSON has no NaN.
      const figures = Object.entries(JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number | null>)
      return Object.fromEntries(
        figures.map(([name, figure]) => [name, figure ?? Number.NaN]),
      ) as unknown as ConsumerMeasurement
    },
  }
}

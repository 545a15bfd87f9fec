import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ProducerContestant } from './contestant.ts'
import type { Scenario } from './scenarios.ts'
import type { ProducerMeasurement } from './workload.ts'

interface NodeContestantOptions {
  /** What `producer-client/main.ts` calls it. */
  readonly client: string
  readonly refusal?: (scenario: Scenario) => string | undefined
  /** What part of the records it is given where each record is a `send`. */
  readonly singlePart?: number
}

const script = resolve(import.meta.dirname, '../producer-client/main.ts')

/** A client in JavaScript, as npm installs it: ours is built first. */
export function nodeContestant(name: string, options: NodeContestantOptions): ProducerContestant {
  return {
    name,
    absence: async () => undefined,
    refusal: options.refusal ?? (() => undefined),
    async run(workload) {
      const part = workload.mode === 'single' ? (options.singlePart ?? 1) : 1
      const given = JSON.stringify({ ...workload, records: workload.records * part })
      const { stdout } = await promisify(execFile)(process.execPath, [script, options.client, given])
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as ProducerMeasurement
    },
  }
}

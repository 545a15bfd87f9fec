import type { Scenario } from './scenarios.ts'
import type { ConsumerMeasurement, ConsumerWorkload } from './workload.ts'

/** A consumer under measurement. */
export interface ConsumerContestant {
  readonly name: string
  /** Why it cannot take part at all, such as that it is not installed. */
  absence(): Promise<string | undefined>
  /** Why it has no place in a scenario; empty when that needs no words. */
  refusal(scenario: Scenario): string | undefined
  /** Runs in a process of its own. */
  run(workload: ConsumerWorkload): Promise<ConsumerMeasurement>
}

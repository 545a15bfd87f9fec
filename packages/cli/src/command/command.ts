import type { CommandIo } from './command-io.ts'

/** One of Kafka's command line tools. */
export interface Command {
  /** Kafka's name, without `.sh`. */
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Command lines worth trying, shown below the options by `--help`. */
  readonly examples: readonly string[]
  /** Does the work and answers the exit code. Failures that have no words of their own in Kafka's tool may be thrown. */
  run(args: readonly string[], io: CommandIo): Promise<number>
}

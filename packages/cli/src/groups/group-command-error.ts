import type { CommandIo } from '../command/command-io.ts'

/** Says that something went wrong, on standard output, as Kafka's group commands do. The exit code stays 0. */
export async function printError(io: CommandIo, message: string): Promise<void> {
  await io.out(`\nError: ${message}\n`)
}

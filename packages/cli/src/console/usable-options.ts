import { type Usage, usageError } from '../command/usage.ts'
import { OptionError } from '../options/option-error.ts'
import type { ParsedOptions } from '../options/option-parser.ts'

/** Reads a command line; what cannot be read is told with the table of options, as these commands of Kafka's do. @throws CommandExit */
export function readUsableOptions(
  usage: Usage,
  args: readonly string[],
  read: (usage: Usage, args: readonly string[]) => ParsedOptions,
): ParsedOptions {
  try {
    return read(usage, args)
  } catch (error) {
    if (error instanceof OptionError) throw usageError(usage, error.message)
    throw error
  }
}

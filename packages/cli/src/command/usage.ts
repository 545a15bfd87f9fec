import { optionHelp } from '../options/option-help.ts'
import { type ParsedOptions, parseOptions } from '../options/option-parser.ts'
import { flag, type OptionRow } from '../options/option-row.ts'
import { CommandExit } from './command-exit.ts'
import { kafkaVersion } from './kafka-version.ts'

/** The options a command takes and what it says about itself. */
export interface Usage {
  readonly description: string
  /** Kafka's options, in Kafka's words. */
  readonly options: readonly OptionRow[]
  /** Options that Kafka's tool does not have; they stand below its table, and only in `--help`. */
  readonly ownOptions?: readonly OptionRow[]
  readonly examples: readonly string[]
}

/** Prints what is listed or described as one JSON value. */
export const jsonOption = flag('json', 'Print the result as JSON.')

/** Reads a command line. @throws OptionError with Kafka's words */
export function readOptions(usage: Usage, args: readonly string[]): ParsedOptions {
  return parseOptions([...usage.options, ...(usage.ownOptions ?? [])], args)
}

/** What `--help` prints. */
function helpText({ description, options, ownOptions = [], examples }: Usage): string {
  const own = ownOptions.length === 0 ? '' : `\nBeyond Kafka's own\n${optionHelp(ownOptions)}`
  const shown = examples.length === 0 ? '' : `\nExamples\n${examples.map((line) => `  ${line}\n`).join('')}`
  return `${description}\n${optionHelp(options)}${own}${shown}`
}

/**
 * Ends with the help when it was asked for and with the version when that was. Kafka: `CommandLineUtils.maybePrintHelpOrVersion`.
 * @throws CommandExit
 */
export function helpOrVersion(usage: Usage, given: ParsedOptions): void {
  if (given.has('help')) throw new CommandExit(1, helpText(usage))
  if (given.has('version')) throw new CommandExit(0, '', `${kafkaVersion}\n`)
}

/** Ends with a message and the table of options on standard error. Kafka: `CommandLineUtils.printUsageAndExit`. */
export function usageError(usage: Usage, message: string): CommandExit {
  return new CommandExit(1, `${message}\n${optionHelp(usage.options)}`)
}

/** Ends unless every one of the options was given. Kafka: `CommandLineUtils.checkRequiredArgs`. @throws CommandExit */
export function checkRequired(usage: Usage, given: ParsedOptions, names: readonly string[]): void {
  for (const name of names) {
    if (!given.has(name)) throw usageError(usage, `Missing required argument "[${name}]"`)
  }
}

/** Ends when an option was given beside others that exclude it. Kafka: `CommandLineUtils.checkInvalidArgs`. @throws CommandExit */
export function checkInvalid(usage: Usage, given: ParsedOptions, { option, excludes }: Exclusion): void {
  if (!given.has(option)) return
  for (const name of excludes) {
    if (given.has(name)) throw usageError(usage, `Option "[${option}]" can't be used with option "[${name}]"`)
  }
}

/** An option and those it does not go with. */
export interface Exclusion {
  readonly option: string
  readonly excludes: readonly string[]
}

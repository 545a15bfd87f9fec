import { OptionError } from '../options/option-error.ts'
import { optionHelp } from '../options/option-help.ts'
import { type ParsedOptions, parseOptions } from '../options/option-parser.ts'
import type { OptionRow } from '../options/option-row.ts'
import { CommandExit } from './command-exit.ts'
import { kafkaVersion } from './kafka-version.ts'

/** The options a command takes and what it says about itself. */
export interface Usage {
  readonly description: string
  readonly options: readonly OptionRow[]
  readonly examples: readonly string[]
}

/** Reads a command line. @throws OptionError with Kafka's words */
export function readOptions(usage: Usage, args: readonly string[]): ParsedOptions {
  return parseOptions(usage.options, args)
}

/** The table of options and, below, examples. */
export function usageText({ options, examples }: Usage): string {
  const shown = examples.length === 0 ? '' : `\nExamples\n${examples.map((line) => `  ${line}\n`).join('')}`
  return optionHelp(options) + shown
}

/**
 * Ends with the help when it was asked for, or when nothing was, and with the version when that was. Kafka:
 * `CommandLineUtils.maybePrintHelpOrVersion`. @throws CommandExit
 */
export function helpOrVersion(usage: Usage, given: ParsedOptions, args: readonly string[]): void {
  if (args.length === 0 || given.has('help')) throw new CommandExit(1, `${usage.description}\n${usageText(usage)}`)
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
export function checkInvalid(usage: Usage, given: ParsedOptions, exclusion: Exclusion): void {
  if (!given.has(exclusion.option)) return
  for (const name of exclusion.excludes) {
    if (given.has(name)) {
      throw usageError(usage, `Option "[${exclusion.option}]" can't be used with option "[${name}]"`)
    }
  }
}

/** An option and those it does not go with. */
export interface Exclusion {
  readonly option: string
  readonly excludes: readonly string[]
}

/** Whether an error is about the command line itself. */
export function isOptionError(error: unknown): error is OptionError {
  return error instanceof OptionError
}

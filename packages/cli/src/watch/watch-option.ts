import { checkInvalid, type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { option } from '../options/option-row.ts'

const defaultSeconds = '2'
const leastSeconds = 0.1

/** Shows the result again and again until Ctrl-C. */
export const watchOption = option(
  'watch',
  { type: 'Double', describedAs: 'seconds', isOptional: true, defaults: [defaultSeconds] },
  'Show the result again every so many seconds until Ctrl-C.',
)

/**
 * The milliseconds between two looks, or undefined when `--watch` was not given.
 * @throws CommandExit for less than a tenth of a second, and beside one of the actions that are not looked at
 */
export function watchIntervalMs(
  usage: Usage,
  options: ParsedOptions,
  excludes: readonly string[] = [],
): number | undefined {
  if (!options.has('watch')) return undefined
  checkInvalid(usage, options, { option: 'watch', excludes })
  const seconds = Number(options.value('watch') ?? defaultSeconds)
  if (seconds < leastSeconds) {
    throw usageError(usage, `Option "[watch]" takes ${leastSeconds} seconds or more, but was given ${seconds}`)
  }
  return seconds * 1000
}

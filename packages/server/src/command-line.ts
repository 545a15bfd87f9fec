/** The command line of Kafka's tools, which is argparse's: usage, errors and exit codes. Reading is Node's own parseArgs. */
import { parseArgs } from 'node:util'

/** Where a command writes. */
export interface CommandOutput {
  /** A line to standard output. */
  out(line: string): void
  /** A line to standard error. */
  err(line: string): void
}

/** One option. */
export interface CommandOption {
  readonly name: string
  readonly short: string
  /** Name of its value; an option without is a switch. */
  readonly value?: string
  readonly required?: boolean
  readonly repeated?: boolean
  /** At most one option of a group may be given. */
  readonly group?: string
  readonly help: string
}

/** A command and its options. */
export interface CommandDefinition {
  /** `kafka-storage format`. */
  readonly name: string
  readonly options: readonly CommandOption[]
}

/** What was given: the values of each option, `['']` for a switch. */
export type GivenOptions = ReadonlyMap<string, readonly string[]>

/** A command line that cannot be understood; `message` is what follows `kafka-storage: error: `. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads a command's options, or 'help' when -h is among them. Throws UsageError. */
export function readOptions(args: readonly string[], command: CommandDefinition): GivenOptions | 'help' {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries([
      ['help', { type: 'boolean', short: 'h' } as const],
      ...command.options.map((option) => [
        option.name,
        { type: option.value === undefined ? 'boolean' : 'string', short: option.short } as const,
      ]),
    ]),
  })
  const given = new Map<string, readonly string[]>()
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') throw new UsageError(`unrecognized arguments: '${token.value}'`)
    if (token.name === 'help') return 'help'
    const option = command.options.find((candidate) => candidate.name === token.name)
    if (option === undefined) throw new UsageError(`unrecognized arguments: '${token.rawName}'`)
    const value = option.value === undefined ? '' : token.value
    if (value === undefined) throw new UsageError(`argument ${bothNames(option)}: expected one argument`)
    given.set(option.name, option.repeated ? [...(given.get(option.name) ?? []), value] : [value])
  }
  check(given, command)
  return given
}

function check(given: GivenOptions, { options }: CommandDefinition): void {
  const inGroup = new Map<string, CommandOption>()
  for (const option of options) {
    if (!given.has(option.name)) continue
    const other = option.group === undefined ? undefined : inGroup.get(option.group)
    if (other !== undefined)
      throw new UsageError(`argument ${bothNames(option)}: not allowed with argument ${bothNames(other)}`)
    if (option.group !== undefined) inGroup.set(option.group, option)
  }
  const missing = options.find((option) => option.required && !given.has(option.name))
  if (missing !== undefined) throw new UsageError(`argument ${bothNames(missing)} is required`)
}

function bothNames(option: CommandOption): string {
  return `--${option.name}/-${option.short}`
}

/** `usage: kafka-storage info [-h] --config CONFIG`, in lines of at most 75 characters. */
export function usageOf({ name, options }: CommandDefinition): string[] {
  const groups = new Set(options.map((option) => option.group).filter((group) => group !== undefined))
  const parts = ['[-h]', ...options.filter((option) => option.group === undefined).map(inUsage)]
  for (const group of groups) {
    const members = options.filter((option) => option.group === group).map(plainUsage)
    parts.push(...members.map((text, i) => `${i === 0 ? '[' : ''}${text}${i === members.length - 1 ? ']' : ' |'}`))
  }
  const lines = [`usage: ${name}`]
  for (const part of parts) {
    if (`${lines.at(-1)} ${part}`.length <= 75) lines[lines.length - 1] += ` ${part}`
    else lines.push(`${' '.repeat(20)} ${part}`)
  }
  return lines
}

function inUsage(option: CommandOption): string {
  return option.required ? plainUsage(option) : `[${plainUsage(option)}]`
}

function plainUsage(option: CommandOption): string {
  return option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`
}

/** Usage and what every option means. */
export function helpOf(command: CommandDefinition): string[] {
  const rows = [
    { names: '-h, --help', help: 'show this help message and exit' },
    ...command.options.map((option) => {
      const value = option.value === undefined ? '' : ` ${option.value}`
      return { names: `--${option.name}${value}, -${option.short}${value}`, help: option.help }
    }),
  ]
  return [...usageOf(command), '', 'optional arguments:', ...rows.flatMap(({ names, help }) => helpRow(names, help))]
}

/** A name and its explanation in two columns; a long name has a line of its own. */
export function helpRow(name: string, help: string): string[] {
  const column = 25
  const lines = wrap(help, 75 - column).map((line) => ' '.repeat(column) + line)
  if (name.length + 4 > column) return [`  ${name}`, ...lines]
  return [`  ${name}`.padEnd(column) + (lines[0] ?? '').trimStart(), ...lines.slice(1)]
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line === '') lines[lines.length - 1] = word
    else if (`${line} ${word}`.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

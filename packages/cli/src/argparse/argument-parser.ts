import { CommandExit } from '../command/command-exit.ts'

/** An option of a command that is read as argparse4j reads it. */
export interface ArgparseOption {
  /** All spellings, the one that messages use first: `--id`, `-i`. */
  readonly names: readonly string[]
  /** A flag stands alone, an integer takes whole numbers only, and a list takes what every time it stands there brings. */
  readonly kind: 'flag' | 'text' | 'integer' | 'list'
  readonly isRequired?: boolean
}

/** A parser, or one of its subcommands. */
export interface ArgparseSpec {
  /** As usage and messages name it: `kafka-features describe`. */
  readonly program: string
  /** What `--help` prints. */
  readonly help: string
  /** 0 when left out. */
  readonly helpExitCode?: number
  /** What standard error shows of a refusal; usage and program stand before it when left out. */
  readonly refusal?: (message: string) => string
  readonly options: readonly ArgparseOption[]
  /** Options of which one at most may stand there. */
  readonly exclusive?: { readonly names: readonly string[]; readonly isRequired: boolean }
  readonly subcommands?: Readonly<Record<string, ArgparseSpec>>
}

/** A command line, read. */
export class ParsedArguments {
  /** The subcommand; undefined when the parser has none. */
  readonly command: string | undefined
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(command: string | undefined, values: ReadonlyMap<string, readonly string[]>) {
    this.command = command
    this.#values = values
  }

  /** Whether an option stood there, by its first name without dashes. */
  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** What stood behind an option the last time. */
  value(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  /** Whatever stood behind an option. */
  values(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }
}

/** Reads a command line, options before and behind the subcommand. @throws CommandExit with usage and argparse4j's words, or the help */
export function parseArguments(spec: ArgparseSpec, args: readonly string[]): ParsedArguments {
  const values = new Map<string, string[]>()
  const command = readInto(spec, [...args], values)
  return new ParsedArguments(command, values)
}

function readInto(spec: ArgparseSpec, rest: string[], values: Map<string, string[]>): string | undefined {
  let command: string | undefined
  while (rest.length > 0) {
    const token = rest.shift()!
    if (token === '-h' || token === '--help') throw new CommandExit(spec.helpExitCode ?? 0, '', spec.help)
    if (token.startsWith('-') && token !== '-') {
      readOption(spec, { token, rest, values })
      continue
    }
    if (spec.subcommands === undefined) throw argumentError(spec, `unrecognized arguments: '${token}'`)
    const chosen = spec.subcommands[token]
    if (chosen === undefined) {
      const choices = Object.keys(spec.subcommands).map((name) => `'${name}'`)
      throw argumentError(spec, `invalid choice: '${token}' (choose from ${choices.join(', ')})`)
    }
    command = token
    readInto(chosen, rest.splice(0), values)
  }
  if (spec.subcommands !== undefined && command === undefined) throw argumentError(spec, 'too few arguments')
  checkGiven(spec, values)
  return command
}

interface Reading {
  readonly token: string
  readonly rest: string[]
  readonly values: Map<string, string[]>
}

function readOption(spec: ArgparseSpec, { token, rest, values }: Reading): void {
  const [name, attached] = splitAtEquals(token)
  const option = spec.options.find(({ names }) => names.includes(name))
  if (option === undefined) throw argumentError(spec, `unrecognized arguments: '${token}'`)
  const key = keyOf(option.names[0]!)
  const others = spec.exclusive?.names.filter((other) => other !== option.names[0] && values.has(keyOf(other))) ?? []
  if (spec.exclusive?.names.includes(option.names[0]!) === true && others.length > 0) {
    throw argumentError(spec, `argument ${option.names.join('/')}: not allowed with argument ${others[0]}`)
  }
  const present = values.get(key) ?? []
  values.set(key, present)
  if (option.kind === 'flag') return
  const value = attached ?? rest.shift()
  if (value === undefined) throw argumentError(spec, `argument ${option.names.join('/')}: expected one argument`)
  if (option.kind === 'integer' && !/^[+-]?\d+$/.test(value)) {
    throw argumentError(spec, `argument ${option.names.join('/')}: could not convert '${value}' to int (32 bits)`)
  }
  present.push(value)
}

function splitAtEquals(token: string): readonly [name: string, value: string | undefined] {
  const at = token.indexOf('=')
  return token.startsWith('--') && at > 0 ? [token.slice(0, at), token.slice(at + 1)] : [token, undefined]
}

function keyOf(name: string): string {
  return name.replace(/^-+/, '')
}

function checkGiven(spec: ArgparseSpec, values: ReadonlyMap<string, readonly string[]>): void {
  for (const { names, isRequired } of spec.options) {
    if (isRequired === true && !values.has(keyOf(names[0]!))) {
      throw argumentError(spec, `argument ${names.join('/')} is required`)
    }
  }
  const { exclusive } = spec
  if (exclusive?.isRequired === true && !exclusive.names.some((name) => values.has(keyOf(name)))) {
    throw argumentError(spec, `one of the arguments ${exclusive.names.join(' ')} is required`)
  }
}

function argumentError({ program, help, refusal }: ArgparseSpec, message: string): CommandExit {
  if (refusal !== undefined) return new CommandExit(1, refusal(message))
  const usage = help.split('\n\n')[0]
  return new CommandExit(1, `${usage}\n${program.split(' ')[0]}: error: ${message}\n`)
}

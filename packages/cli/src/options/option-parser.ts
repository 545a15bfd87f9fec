import { OptionError } from './option-error.ts'
import type { OptionArgument, OptionRow } from './option-row.ts'

/** The options of one command line. */
export class ParsedOptions {
  readonly #rows: ReadonlyMap<string, OptionRow>
  readonly #given: ReadonlyMap<string, readonly string[]>
  /** What stood there without belonging to an option. */
  readonly operands: readonly string[]

  constructor(
    rows: ReadonlyMap<string, OptionRow>,
    given: ReadonlyMap<string, readonly string[]>,
    operands: readonly string[],
  ) {
    this.#rows = rows
    this.#given = given
    this.operands = operands
  }

  /** Whether the option stood on the command line; a default does not count. */
  has(name: string): boolean {
    return this.#given.has(name)
  }

  /** The one value of an option, or its default. @throws OptionError when it was given more than once */
  value(name: string): string | undefined {
    const values = this.values(name)
    if (values.length > 1) {
      throw new OptionError(`Found multiple arguments for option ${name}, but you asked for only one`)
    }
    return values[0]
  }

  /** The value of an option that has a default or was found to be there. @throws OptionError */
  required(name: string): string {
    const value = this.value(name)
    if (value === undefined) throw new OptionError(`Missing required argument "[${name}]"`)
    return value
  }

  /** All values of an option that may be repeated, or its defaults. */
  values(name: string): readonly string[] {
    return this.#given.get(name) ?? this.#rows.get(name)?.argument?.defaults ?? []
  }
}

/**
 * Reads a command line as Kafka's commands do: `--name value`, `--name=value`, `-name value`, an argument may begin with a dash, names
 * are never abbreviated, `--` ends the options.
 * @throws OptionError with Kafka's words
 */
export function parseOptions(rows: readonly OptionRow[], args: readonly string[]): ParsedOptions {
  const byName = new Map(rows.map((row) => [row.name, row]))
  const given = new Map<string, string[]>()
  const operands: string[] = []
  const rest = [...args]
  while (rest.length > 0) {
    const token = rest.shift()!
    if (token === '--') {
      operands.push(...rest.splice(0))
    } else if (token.startsWith('-') && token !== '-') {
      readOption(byName, { token, rest, given })
    } else {
      operands.push(token)
    }
  }
  const missing = rows.filter(({ name, isRequired }) => isRequired && !given.has(name)).map(({ name }) => name)
  // Who asks for help need not know yet what is required.
  if (missing.length > 0 && !given.has('help'))
    throw new OptionError(`Missing required option(s) [${missing.join(', ')}]`)
  return new ParsedOptions(byName, given, operands)
}

interface Reading {
  readonly token: string
  readonly rest: string[]
  readonly given: Map<string, string[]>
}

function readOption(rows: ReadonlyMap<string, OptionRow>, { token, rest, given }: Reading): void {
  const bare = token.replace(/^--?/, '')
  const equals = bare.indexOf('=')
  const name = equals < 0 ? bare : bare.slice(0, equals)
  const attached = equals < 0 ? '' : bare.slice(equals + 1)
  const row = rows.get(name)
  if (row === undefined) {
    // After a single dash every letter is an option of its own.
    throw new OptionError(`${token.startsWith('--') ? name : bare[0]} is not a recognized option`)
  }
  const values = given.get(name) ?? []
  given.set(name, values)
  const { argument } = row
  if (argument === undefined) return
  const value = attached === '' ? argumentOf(name, argument, rest) : attached
  if (value !== undefined) values.push(checked(name, value, argument))
}

function argumentOf(name: string, argument: OptionArgument, rest: string[]): string | undefined {
  if (!argument.isOptional) {
    if (rest.length === 0) throw new OptionError(`Option ${name} requires an argument`)
    return rest.shift()
  }
  const next = rest[0]
  return next === undefined || (next.startsWith('-') && next.length > 1) ? undefined : rest.shift()
}

function checked(name: string, value: string, { type }: OptionArgument): string {
  if (isA(type, value)) return value
  throw new OptionError(`Cannot parse argument '${value}' of option ${name}`)
}

function isA(type: OptionArgument['type'], value: string): boolean {
  if (type === 'Integer') return /^[+-]?\d+$/.test(value) && Number(value) === (Number(value) | 0)
  if (type === 'Long') return /^[+-]?\d+$/.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)
  if (type === 'Double') return value.trim() !== '' && Number.isFinite(Number(value))
  return true
}

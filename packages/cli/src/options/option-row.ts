/** One option of a command, as its help shows it. */
export interface OptionRow {
  /** Without dashes. */
  readonly name: string
  readonly description: string
  /** Refused when missing by the parser itself, and starred in the help. Most of Kafka's required options are checked by the command. */
  readonly isRequired?: boolean
  readonly argument?: OptionArgument
}

/** What stands behind an option. */
export interface OptionArgument {
  /** Java's name of the type, shown in the help and checked: `Integer` and `Long` take whole numbers only. */
  readonly type: 'String' | 'Integer' | 'Long' | 'Double' | 'Boolean'
  readonly describedAs?: string
  /** The option may stand alone. */
  readonly isOptional?: boolean
  readonly defaults?: readonly string[]
}

/** An option without an argument. */
export function flag(name: string, description: string): OptionRow {
  return { name, description }
}

/** An option with a text behind it. */
export function text(name: string, describedAs: string, description: string): OptionRow {
  return { name, description, argument: { type: 'String', describedAs } }
}

/** An option with any other argument. */
export function option(name: string, argument: OptionArgument, description: string): OptionRow {
  return { name, description, argument }
}

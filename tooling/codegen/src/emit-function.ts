import { constantName } from './names.ts'
import type { Message, Struct } from './schema.ts'

/** A read or write function of a struct. */
export interface StructFunction {
  readonly name: string
  /** Names and types; a name that the body does not use gets an underscore. */
  readonly parameters: ReadonlyArray<readonly [name: string, type: string]>
  readonly returnType: string
  /** Statements in front of the fields. */
  readonly before: readonly string[]
  /** The fields; each notes its name in `at` first, and its index in `index` when it is an array. */
  readonly fields: readonly string[]
  /** Statements after the fields. */
  readonly after: readonly string[]
}

/**
 * The text of a read or write function. It notes the field it is at, so that an error says which one it was; a note costs nothing
 * once the function is compiled.
 */
export function emitFunction(message: Message, struct: Struct, parts: StructFunction): string[] {
  const { from, to } = message.versions
  const fields = parts.fields.join('\n')
  const index = mentions(fields, 'index') ? ', index' : ''
  const body: string[] = []
  if (struct === message.root) {
    const refusal = `throw unsupportedVersion(${constantName(message.name)}, version)`
    body.push(`if (!(version >= ${from} && version <= ${to})) ${refusal}`)
  }
  if (mentions(fields, 'flexible')) body.push(`const flexible = version >= ${message.flexibleFrom}`)
  body.push(...parts.before)
  if (parts.fields.length > 0) {
    body.push("let at = ''")
    if (index !== '') body.push('let index = -1')
    body.push('try {', ...indented(parts.fields), '} catch (error) {', `  throw atField(error, at${index})`, '}')
  }
  body.push(...parts.after)
  const text = body.join('\n')
  const parameters = parts.parameters.map(([name, type]) => `${mentions(text, name) ? name : `_${name}`}: ${type}`)
  return [`function ${parts.name}(${parameters.join(', ')}): ${parts.returnType} {`, ...indented(body), '}', '']
}

/** `lines`, inside an `if` when there is a condition. */
export function guarded(condition: string | null, lines: readonly string[]): string[] {
  return condition === null ? [...lines] : [`if (${condition}) {`, ...indented(lines), '}']
}

/** `lines`, two spaces further in. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text)
}

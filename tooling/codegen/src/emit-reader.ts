import { flexibleIn, inRange } from './conditions.ts'
import { elementType, factoryName, hasCompactForm, methodSuffix } from './default-values.ts'
import { minimumElementSize } from './minimum-size.ts'
import type { Field, Message, Struct } from './schema.ts'

/** The name of a struct's read function. */
export function readerName(struct: Struct): string {
  return `read${struct.typeName}`
}

/**
 * The function that reads a struct. It notes the field it is at, so that an error says which one it was; a note costs nothing
 * once the function is compiled.
 */
export function emitReader(message: Message, struct: Struct): string[] {
  const body: string[] = []
  for (const field of struct.fields.filter(({ tag }) => tag < 0)) {
    body.push(...guarded(inRange(field.versions, struct.versions), readField(message, struct, field)))
  }
  const flexible = flexibleIn(message.flexibleFrom, struct.versions)
  if (flexible !== 'false')
    body.push(...guarded(flexible === 'true' ? null : 'flexible', readTaggedFields(message, struct)))
  const text = body.join('\n')
  const locals: string[] = []
  if (struct === message.root) {
    const { from, to } = message.versions
    locals.push(
      `  if (!(version >= ${from} && version <= ${to})) throw unsupportedVersion('${message.name}', version, ${from}, ${to})`,
    )
  }
  if (/\bflexible\b/.test(text)) locals.push(`  const flexible = version >= ${message.flexibleFrom}`)
  locals.push(`  const value = ${factoryName(struct.typeName)}()`)
  const usesIndex = /\bindex\b/.test(text)
  if (body.length > 0) locals.push("  let at = ''", ...(usesIndex ? ['  let index = -1'] : []))
  const tried =
    body.length === 0
      ? []
      : [
          '  try {',
          ...body.map((line) => `    ${line}`),
          '  } catch (error) {',
          `    throw atField(error, at${usesIndex ? ', index' : ''})`,
          '  }',
        ]
  const reader = body.length === 0 ? '_reader' : 'reader'
  const version = /\bversion\b/.test([...locals, text].join('\n')) ? 'version' : '_version'
  return [
    `function ${readerName(struct)}(${reader}: Reader, ${version}: number): ${struct.typeName} {`,
    ...locals,
    ...tried,
    '  return value',
    '}',
    '',
  ]
}

function readField(message: Message, struct: Struct, field: Field): string[] {
  const lines = [`at = '${field.name}'`]
  if (field.isArray) return [...lines, ...readArray(message, struct, field)]
  return [...lines, `value.${field.name} = ${readValue(message, struct, field)}`]
}

function readArray(message: Message, struct: Struct, field: Field): string[] {
  const compact = flexibleIn(message.flexibleFrom, fieldContext(struct, field))
  const size = minimumElementSize(message, field)
  const nullable = field.nullable === null ? null : (inRange(field.nullable, field.versions) ?? 'true')
  const call = (method: string): string => `reader.${method}(${compact}, ${size})`
  const count =
    nullable === null
      ? call('readArrayLength')
      : nullable === 'true'
        ? call('readNullableArrayLength')
        : `${nullable} ? ${call('readNullableArrayLength')} : ${call('readArrayLength')}`
  const fill = [
    `const list = newArray<${elementType(field)}>(count)`,
    `for (index = 0; index < count; index++) list[index] = ${readElement(message, struct, field)}`,
    'index = -1',
    `value.${field.name} = list`,
  ]
  if (nullable === null) return ['{', ...indented([`const count = ${count}`, ...fill]), '}']
  return [
    '{',
    ...indented([
      `const count = ${count}`,
      `if (count < 0) value.${field.name} = null`,
      'else {',
      ...indented(fill),
      '}',
    ]),
    '}',
  ]
}

function readElement(message: Message, struct: Struct, field: Field): string {
  if (typeof field.type !== 'string') return `${readerName(field.type)}(reader, version)`
  return `reader.read${methodSuffix(field)}(${compactArgument(message, struct, field)})`
}

function readValue(message: Message, struct: Struct, field: Field): string {
  const nullable = field.nullable === null ? null : (inRange(field.nullable, field.versions) ?? 'true')
  const plain = readElement(message, struct, field)
  if (nullable === null) return plain
  const orNull =
    typeof field.type !== 'string'
      ? `reader.readInt8() < 0 ? null : ${plain}`
      : `reader.readNullable${methodSuffix(field)}(${compactArgument(message, struct, field)})`
  return nullable === 'true' ? orNull : `${nullable} ? ${orNull} : ${plain}`
}

function readTaggedFields(message: Message, struct: Struct): string[] {
  const tagged = struct.fields.filter(({ tag }) => tag >= 0)
  if (tagged.length === 0) return ["at = ''", 'readUnknownTaggedFields(reader, value)']
  const cases = tagged.flatMap((field) => {
    const condition = inRange(field.versions, fieldContext(struct, { ...field, versions: struct.versions }))
    const check = condition === null ? [] : [`if (!(${condition})) throw tagNotInVersion(${field.tag}, version)`]
    return [`case ${field.tag}: {`, ...indented([...check, ...readField(message, struct, field), 'break']), '}']
  })
  return [
    "at = ''",
    'for (let left = reader.readUnsignedVarint(); left > 0; left--) {',
    ...indented([
      'const tag = reader.readUnsignedVarint()',
      'const end = readTaggedFieldEnd(reader)',
      'switch (tag) {',
      ...indented([...cases, 'default:', '  keepUnknownTaggedField(reader, value, tag, end)']),
      '}',
      'if (reader.position !== end) throw taggedFieldSize(reader, end)',
      "at = ''",
    ]),
    '}',
  ]
}

function compactArgument(message: Message, struct: Struct, field: Field): string {
  if (!hasCompactForm(field)) return ''
  return field.neverCompact ? 'false' : flexibleIn(message.flexibleFrom, fieldContext(struct, field))
}

/** The versions in which the code of a field runs; one that names `flexible` needs it for the whole struct. */
function fieldContext(struct: Struct, field: Field): Struct['versions'] {
  return {
    from: Math.max(struct.versions.from, field.versions.from),
    to: Math.min(struct.versions.to, field.versions.to),
  }
}

/** `lines`, inside an `if` when there is a condition. */
export function guarded(condition: string | null, lines: readonly string[]): string[] {
  return condition === null ? [...lines] : [`if (${condition}) {`, ...indented(lines), '}']
}

/** `lines`, two spaces further in. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

import { flexibleIn, inRange } from './conditions.ts'
import { elementType, factoryName, hasCompactForm, methodSuffix } from './default-values.ts'
import { emitFunction, guarded, indented } from './emit-function.ts'
import { minimumElementSize } from './minimum-size.ts'
import type { Field, Message, Struct } from './schema.ts'

/** The name of a struct's read function. */
export function readerName(struct: Struct): string {
  return `read${struct.typeName}`
}

/** The function that reads a struct; fields that the version lacks keep the defaults they are made with. */
export function emitReader(message: Message, struct: Struct): string[] {
  const fixed = struct.fields.filter(({ tag }) => tag < 0)
  const fields = fixed.flatMap((field) =>
    guarded(inRange(field.versions, struct.versions), readField(message, struct, field)),
  )
  const flexible = flexibleIn(message.flexibleFrom, struct.versions)
  if (flexible !== 'false')
    fields.push(...guarded(flexible === 'true' ? null : flexible, readTaggedFields(message, struct)))
  return emitFunction(message, struct, {
    name: readerName(struct),
    parameters: [
      ['reader', 'Reader'],
      ['version', 'number'],
    ],
    returnType: struct.typeName,
    before: [`const value = ${factoryName(struct.typeName)}()`],
    fields,
    after: ['return value'],
  })
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
      ? `${absentStruct(field)} ? null : ${plain}`
      : `reader.readNullable${methodSuffix(field)}(${compactArgument(message, struct, field)})`
  return nullable === 'true' ? orNull : `${nullable} ? ${orNull} : ${plain}`
}

/** The mark before a struct that may be null: an int8, but a varint where the field is tagged. */
function absentStruct({ tag }: Field): string {
  return tag < 0 ? 'reader.readInt8() < 0' : 'reader.readUnsignedVarint() === 0'
}

function readTaggedFields(message: Message, struct: Struct): string[] {
  const tagged = struct.fields.filter(({ tag }) => tag >= 0)
  if (tagged.length === 0) return ["at = 'unknownTaggedFields'", 'readUnknownTaggedFields(reader, value)']
  const cases = tagged.flatMap((field) => {
    const condition = inRange(field.versions, struct.versions)
    const check = condition === null ? [] : [`if (!(${condition})) throw tagNotInVersion(reader, tag, version)`]
    return [`case ${field.tag}: {`, ...indented([...check, ...readField(message, struct, field), 'break']), '}']
  })
  return [
    "at = 'unknownTaggedFields'",
    'for (let left = reader.readUnsignedVarint(); left > 0; left--) {',
    ...indented([
      'const tag = reader.readUnsignedVarint()',
      'const end = readTaggedFieldEnd(reader)',
      'switch (tag) {',
      ...indented([...cases, 'default:', '  keepUnknownTaggedField(reader, value, { tag, end })']),
      '}',
      'if (reader.position !== end) throw taggedFieldSize(reader, end)',
      "at = 'unknownTaggedFields'",
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

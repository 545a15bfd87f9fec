import { flexibleIn, inRange } from './conditions.ts'
import {
  defaultsToNull,
  hasCompactForm,
  isDefaultName,
  isNotDefault,
  methodSuffix,
  sharedDefault,
} from './default-values.ts'
import { emitFunction, guarded, indented } from './emit-function.ts'
import type { Field, Message, Struct } from './schema.ts'

/** The name of a struct's write function. */
export function writerName(struct: Struct): string {
  return `write${struct.typeName}`
}

/** The function that writes a struct; missing fields are written as their defaults. */
export function emitWriter(message: Message, struct: Struct): string[] {
  return emitFunction(message, struct, {
    name: writerName(struct),
    parameters: [
      ['writer', 'Writer'],
      ['value', `Input<${struct.typeName}>`],
      ['version', 'number'],
    ],
    returnType: 'void',
    before: [],
    fields: [...struct.fields.flatMap((field) => writeOrRefuse(message, struct, field)), ...writeEnd(message, struct)],
    after: [],
  })
}

/** Writes a field of the fixed part; refuses any field that is set in a version without it, unless it is ignorable. */
function writeOrRefuse(message: Message, struct: Struct, field: Field): string[] {
  const condition = inRange(field.versions, struct.versions)
  const at = `at = '${field.name}'`
  const write = field.tag >= 0 ? [] : guarded(condition, [at, ...writeValue(message, struct, field)])
  if (condition === null || field.ignorable) return write
  const refusal = [...indented([at, 'throw notInVersion(version)']), '}']
  const test = isNotDefault(field)
  if (field.tag >= 0) return [`if (!(${condition}) && ${test}) {`, ...refusal]
  return [...write.slice(0, -1), `} else if (${test}) {`, ...refusal]
}

/** Writes the tagged fields in flexible versions; refuses unknown ones in others. */
function writeEnd(message: Message, struct: Struct): string[] {
  const flexible = flexibleIn(message.flexibleFrom, struct.versions)
  if (flexible === 'true') return writeTaggedFields(message, struct)
  if (message.flexibleFrom > message.versions.to) return []
  const refusal = ["at = 'unknownTaggedFields'", 'refuseTaggedFields(value.unknownTaggedFields, version)']
  if (flexible === 'false') return refusal
  return ['if (flexible) {', ...indented(writeTaggedFields(message, struct)), '} else {', ...indented(refusal), '}']
}

/** The function that tells whether a struct holds nothing but defaults; for the structs that `needsIsDefault`. */
export function emitIsDefault(message: Message, struct: Struct): string[] {
  const tests = struct.fields.map((field) => `!(${isNotDefault(field)})`)
  if (message.flexibleFrom <= message.versions.to) tests.push('(value.unknownTaggedFields?.length ?? 0) === 0')
  return [
    `function ${isDefaultName(struct.typeName)}(value: Input<${struct.typeName}>): boolean {`,
    '  return (',
    ...tests.map((test, index) => `    ${test}${index < tests.length - 1 ? ' &&' : ''}`),
    '  )',
    '}',
    '',
  ]
}

function writeValue(message: Message, struct: Struct, field: Field): string[] {
  const given = givenOrDefault(field)
  const nullable = field.nullable === null ? null : (inRange(field.nullable, field.versions) ?? 'true')
  if (field.isArray) return writeArray(message, struct, field)
  if (typeof field.type !== 'string') {
    const write = `${writerName(field.type)}(writer, `
    if (nullable === null) return [`${write}${given}, version)`]
    const refuse = nullable === 'true' ? [] : [`if (!(${nullable})) throw mayNotBeNull()`]
    // The mark before the struct is an int8, but a varint where the field is tagged.
    const [absent, present] =
      field.tag < 0
        ? ['writer.writeInt8(-1)', 'writer.writeInt8(1)']
        : ['writer.writeUnsignedVarint(0)', 'writer.writeUnsignedVarint(1)']
    return [
      '{',
      ...indented([
        `const inner = ${given}`,
        'if (inner === null) {',
        ...indented([...refuse, absent]),
        '} else {',
        ...indented([
          ...(nullable === 'true' ? [present] : [`if (${nullable}) ${present}`]),
          `${write}inner, version)`,
        ]),
        '}',
      ]),
      '}',
    ]
  }
  const compact = hasCompactForm(field) ? `, ${compactIn(message, struct, field)}` : ''
  const suffix = methodSuffix(field)
  if (nullable === null) return [`writer.write${suffix}(${given}${compact})`]
  if (nullable === 'true') return [`writer.writeNullable${suffix}(${given}${compact})`]
  return [
    `if (${nullable}) writer.writeNullable${suffix}(${given}${compact})`,
    `else writer.write${suffix}(notNull(${given})${compact})`,
  ]
}

function writeArray(message: Message, struct: Struct, field: Field): string[] {
  const nullable = field.nullable === null ? null : (inRange(field.nullable, field.versions) ?? 'true')
  const compact = field.neverCompact ? 'false' : compactIn(message, struct, field)
  const element =
    typeof field.type !== 'string'
      ? `${writerName(field.type)}(writer, list[index]!, version)`
      : `writer.write${methodSuffix(field)}(list[index]!${hasCompactForm(field) ? `, ${compact}` : ''})`
  const write = [
    `writer.writeArrayLength(list.length, ${compact})`,
    `for (index = 0; index < list.length; index++) ${element}`,
    'index = -1',
  ]
  if (nullable === null) return ['{', ...indented([`const list = ${givenOrDefault(field)}`, ...write]), '}']
  const refuse = nullable === 'true' ? [] : [`if (!(${nullable})) throw mayNotBeNull()`]
  return [
    '{',
    ...indented([
      `const list = ${givenOrDefault(field)}`,
      'if (list === null) {',
      ...indented([...refuse, `writer.writeNullLength(${compact})`]),
      '} else {',
      ...indented(write),
      '}',
    ]),
    '}',
  ]
}

/** Known tagged fields that are not at their default, merged with the unknown ones in the order of their tags. */
function writeTaggedFields(message: Message, struct: Struct): string[] {
  const tagged = struct.fields.filter(({ tag }) => tag >= 0).toSorted((a, b) => a.tag - b.tag)
  if (tagged.length === 0)
    return ["at = 'unknownTaggedFields'", 'writeUnknownTaggedFields(writer, value.unknownTaggedFields)']
  const lines = ['const unknown = value.unknownTaggedFields ?? noElements']
  for (const field of tagged) {
    const condition = inRange(field.versions, struct.versions)
    lines.push(`const has${field.tag} = ${condition === null ? '' : `${condition} && `}${isNotDefault(field)}`)
  }
  const count = tagged.map((field) => `(has${field.tag} ? 1 : 0)`).join(' + ')
  lines.push(`writer.writeUnsignedVarint(${count} + unknown.length)`, 'let next = 0')
  for (const field of tagged) {
    lines.push(
      `if (has${field.tag}) {`,
      ...indented([
        "at = 'unknownTaggedFields'",
        `if (next < unknown.length) next = writeTaggedFieldsBelow(writer, unknown, { next, below: ${field.tag} })`,
        `at = '${field.name}'`,
        `const mark = writer.beginTagged(${field.tag})`,
        ...writeValue(message, struct, field),
        'writer.endTagged(mark)',
      ]),
      '}',
    )
  }
  lines.push(
    "at = 'unknownTaggedFields'",
    'if (next < unknown.length) writeTaggedFieldsBelow(writer, unknown, { next, below: Number.POSITIVE_INFINITY })',
  )
  return lines
}

function compactIn(message: Message, struct: Struct, field: Field): string {
  if (field.neverCompact) return 'false'
  return flexibleIn(message.flexibleFrom, {
    from: Math.max(struct.versions.from, field.versions.from),
    to: Math.min(struct.versions.to, field.versions.to),
  })
}

/** The value, or the default when it is missing; null stays null where the field is nullable. */
function givenOrDefault(field: Field): string {
  const value = `value.${field.name}`
  if (field.nullable !== null && !defaultsToNull(field))
    return `${value} === undefined ? ${sharedDefault(field)} : ${value}`
  return `${value} ?? ${sharedDefault(field)}`
}

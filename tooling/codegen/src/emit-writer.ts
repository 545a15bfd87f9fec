import { flexibleIn, inRange } from './conditions.ts'
import {
  defaultsToNull,
  hasCompactForm,
  isDefaultName,
  isNotDefault,
  methodSuffix,
  sharedDefault,
} from './default-values.ts'
import { guarded, indented } from './emit-reader.ts'
import type { Field, Message, Struct } from './schema.ts'

/** The name of a struct's write function. */
export function writerName(struct: Struct): string {
  return `write${struct.typeName}`
}

/** The function that writes a struct; missing fields are written as their defaults. */
export function emitWriter(message: Message, struct: Struct): string[] {
  const body: string[] = []
  for (const field of struct.fields) {
    const condition = inRange(field.versions, struct.versions)
    if (field.tag < 0) body.push(...guarded(condition, [`at = '${field.name}'`, ...writeValue(message, struct, field)]))
    if (condition === null || field.ignorable) continue
    const refusal = [`at = '${field.name}'`, 'throw notInVersion(version)']
    const test = isNotDefault(field)
    if (field.tag < 0) body[body.length - 1] = `} else if (${test}) {`
    else body.push(`if (!(${condition}) && ${test}) {`)
    body.push(...indented(refusal), '}')
  }
  const flexible = flexibleIn(message.flexibleFrom, struct.versions)
  if (flexible === 'true') body.push(...writeTaggedFields(message, struct))
  if (flexible === 'flexible') {
    body.push(
      'if (flexible) {',
      ...indented(writeTaggedFields(message, struct)),
      '} else if (value.unknownTaggedFields !== undefined && value.unknownTaggedFields.length > 0) {',
    )
    body.push("  at = 'unknownTaggedFields'", '  throw notInVersion(version)', '}')
  }
  if (flexible === 'false' && message.flexibleFrom <= message.versions.to) {
    body.push(
      'if (value.unknownTaggedFields !== undefined && value.unknownTaggedFields.length > 0) {',
      "  at = 'unknownTaggedFields'",
      '  throw notInVersion(version)',
      '}',
    )
  }
  const text = body.join('\n')
  const locals: string[] = []
  if (struct === message.root) {
    const { from, to } = message.versions
    locals.push(
      `  if (!(version >= ${from} && version <= ${to})) throw unsupportedVersion('${message.name}', version, ${from}, ${to})`,
    )
  }
  if (/\bflexible\b/.test(text)) locals.push(`  const flexible = version >= ${message.flexibleFrom}`)
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
  const used = (name: string): string =>
    new RegExp(`\\b${name}\\b`).test([...locals, text].join('\n')) ? name : `_${name}`
  return [
    `function ${writerName(struct)}(${used('writer')}: Writer, ${used('value')}: Input<${struct.typeName}>, ${used('version')}: number): void {`,
    ...locals,
    ...tried,
    '}',
    '',
  ]
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
  if (field.isArray) return writeArray(message, struct, field, nullable)
  if (typeof field.type !== 'string') {
    const write = `${writerName(field.type)}(writer, `
    if (nullable === null) return [`${write}${given}, version)`]
    const refuse = nullable === 'true' ? [] : [`if (!(${nullable})) throw mayNotBeNull()`]
    return [
      '{',
      ...indented([
        `const inner = ${given}`,
        'if (inner === null) {',
        ...indented([...refuse, 'writer.writeInt8(-1)']),
        '} else {',
        ...indented([
          ...(nullable === 'true' ? ['writer.writeInt8(1)'] : [`if (${nullable}) writer.writeInt8(1)`]),
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

function writeArray(message: Message, struct: Struct, field: Field, nullable: string | null): string[] {
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
        `next = writeTaggedFieldsBelow(writer, unknown, next, ${field.tag})`,
        `at = '${field.name}'`,
        `const mark = writer.beginTagged(${field.tag})`,
        ...writeValue(message, struct, field),
        'writer.endTagged(mark)',
      ]),
      '}',
    )
  }
  lines.push("at = 'unknownTaggedFields'", 'writeTaggedFieldsBelow(writer, unknown, next, Number.POSITIVE_INFINITY)')
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

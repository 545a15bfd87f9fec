import { inRange } from './conditions.ts'
import { factoryName, fieldType, freshDefault } from './default-values.ts'
import type { Field, Message, Struct, VersionRange } from './schema.ts'

/** The interface of a struct and the function that makes one of defaults. */
export function emitTypes(message: Message, struct: Struct): string[] {
  const isRoot = struct === message.root
  const flexible = message.flexibleFrom <= message.versions.to
  const lines = [`/** ${isRoot ? describeMessage(message) : describeStruct(message, struct)} */`]
  lines.push(`export interface ${struct.typeName} {`)
  for (const field of struct.fields) {
    const comment = describeField(field, struct.versions)
    if (comment !== '') lines.push(`  /** ${comment} */`)
    lines.push(`  ${field.name}: ${fieldType(field)}`)
  }
  if (flexible) lines.push('  unknownTaggedFields?: RawTaggedField[]')
  lines.push('}', '')
  lines.push(`function ${factoryName(struct.typeName)}(): ${struct.typeName} {`)
  if (struct.fields.length === 0) lines.push('  return {}')
  else {
    lines.push('  return {')
    for (const field of struct.fields) lines.push(`    ${field.name}: ${freshDefault(field)},`)
    lines.push('  }')
  }
  lines.push('}', '')
  return lines
}

/** One sentence on a message: its kind, key and versions. */
export function describeMessage(message: Message): string {
  const kinds: Readonly<Record<string, string>> = {
    request: `The request of API ${message.key}`,
    response: `The response of API ${message.key}`,
    header: 'A frame header',
    metadata: `Metadata record type ${message.key}`,
    'remote-log-metadata': `Remote log metadata record type ${message.key}`,
    'coordinator-key': `The key of coordinator record type ${message.key}`,
    'coordinator-value': `The value of coordinator record type ${message.key}`,
    data: 'Data',
  }
  const unstable = message.latestVersionUnstable ? '; the last one is not stable yet' : ''
  return `${kinds[message.kind] ?? message.kind}, ${describeVersions(message.versions)}${unstable}.`
}

function describeStruct(message: Message, struct: Struct): string {
  const versions = inRange(struct.versions, message.versions) === null ? '' : `, ${describeVersions(struct.versions)}`
  return `${struct.name} in ${message.name}${versions}.`
}

function describeField(field: Field, context: VersionRange): string {
  const parts: string[] = []
  if (inRange(field.versions, context) !== null) parts.push(capitalized(describeVersions(field.versions)))
  if (field.nullable !== null && inRange(field.nullable, field.versions) !== null) {
    parts.push(`null in ${describeVersions(field.nullable)} only`)
  }
  if (field.tag >= 0) parts.push(`tag ${field.tag}`)
  if (field.ignorable && inRange(field.versions, context) !== null) parts.push('dropped in others')
  return parts.length === 0 ? '' : `${capitalized(parts.join('; '))}.`
}

function describeVersions(range: VersionRange): string {
  return range.from === range.to ? `version ${range.from}` : `versions ${range.from} to ${range.to}`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

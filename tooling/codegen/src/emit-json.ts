import { banner, type SchemaFile } from './emit-module.ts'
import type { Field } from './schema.ts'

/**
 * The field tables of `@odradek/protocol/json`, one module for all messages. A row is name, type, first and last version, then
 * the first and last nullable version (or none), the tag (or -1) and the default of a tagged field.
 */
export function emitJsonTables(files: readonly SchemaFile[]): string {
  const lines = files.flatMap(({ messages }) =>
    messages.flatMap((message) => [
      `  ${message.name}: {`,
      ...message.structs.map((struct) => {
        const rows = struct.fields.map((field) => `      ${row(field)},`)
        return [`    ${struct.name}: [`, ...rows, '    ],'].join('\n')
      }),
      '  },',
    ]),
  )
  return [
    banner('schema'),
    "import type { FieldTables } from '../json/field-table.ts'",
    '',
    '/** The fields of every struct of every message; a message has its own fields under its own name. */',
    'export const fieldTables: FieldTables = {',
    ...lines,
    '}',
    '',
  ].join('\n')
}

function row(field: Field): string {
  const type = `${field.isArray ? '[]' : ''}${typeof field.type === 'string' ? field.type : field.type.name}`
  const cells: string[] = [`'${field.name}'`, `'${type}'`, String(field.versions.from), String(field.versions.to)]
  const nullable = field.nullable === null ? '-1, -1' : `${field.nullable.from}, ${field.nullable.to}`
  if (field.tag >= 0) cells.push(nullable, String(field.tag), JSON.stringify(field.defaultText))
  else if (field.nullable !== null) cells.push(nullable)
  return `[${cells.join(', ')}]`
}

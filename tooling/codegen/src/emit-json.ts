import { banner, type SchemaFile } from './emit-module.ts'
import type { Field } from './schema.ts'

/**
 * The field tables of `@odradek/protocol/json`, one module for all messages; `field-table.ts` there says what a row holds.
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
  const type = typeof field.type !== 'string' ? field.type.name : field.bigint ? 'bigint' : field.type
  const nullable = field.nullable ?? { from: -1, to: -1 }
  const optional = [nullable.from, nullable.to, field.tag, field.defaultText]
  const missing = [-1, -1, -1, null]
  while (optional.length > 0 && optional.at(-1) === missing[optional.length - 1]) optional.pop()
  const cells = [field.name, (field.isArray ? '[]' : '') + type, field.versions.from, field.versions.to, ...optional]
  return `[${cells.map((cell) => (typeof cell === 'string' ? `'${cell}'` : String(cell))).join(', ')}]`
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { emitIndexes } from './emit-indexes.ts'
import { emitJsonTables } from './emit-json.ts'
import { emitModule, type SchemaFile } from './emit-module.ts'
import { parseSchema } from './parse-schema.ts'
import type { Message } from './schema.ts'

const extension = '.schema'

/** All generated files: path under `generated` and text. The same schemas always give the same text. */
export function generate(schemaFolder: string): Map<string, string> {
  const files = readSchemas(schemaFolder)
  checkNames(files.flatMap(({ messages }) => messages))
  return new Map([
    ...files.map((file) => [`${file.path}.ts`, emitModule(file)] as const),
    ...emitIndexes(files),
    ['json-tables.ts', emitJsonTables(files)],
  ])
}

/** Parses every schema file under `folder`, in the order of their paths. */
function readSchemas(folder: string): SchemaFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths
    .filter((path) => path.endsWith(extension))
    .map((path) => path.slice(0, -extension.length).replaceAll('\\', '/'))
    .sort()
    .map((path) => ({
      path,
      messages: parseSchema(readFileSync(join(folder, path + extension), 'utf8'), path + extension),
    }))
}

/** Two interfaces of one name could not be exported from one entry. */
function checkNames(messages: readonly Message[]): void {
  const seen = new Set<string>()
  for (const { typeName } of messages.flatMap(({ structs }) => structs)) {
    if (seen.has(typeName)) throw new Error(`two structs would be called ${typeName}`)
    seen.add(typeName)
  }
}

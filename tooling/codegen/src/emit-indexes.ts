import { banner, type SchemaFile } from './emit-module.ts'
import { apiName, constantName } from './names.ts'
import type { Message } from './schema.ts'

/** The record families on disk: the folder of their schemas and the names of what is generated for them. */
const families = [
  { folder: 'group-records', table: 'groupRecordTypes', types: 'GroupRecordTypes', what: '`__consumer_offsets`' },
  {
    folder: 'transaction-records',
    table: 'transactionRecordTypes',
    types: 'TransactionRecordTypes',
    what: '`__transaction_state`',
  },
  { folder: 'share-records', table: 'shareRecordTypes', types: 'ShareRecordTypes', what: '`__share_group_state`' },
] as const

/** Every generated file that is not the module of one schema file: path under `generated` and text. */
export function emitIndexes(files: readonly SchemaFile[]): Map<string, string> {
  return new Map([
    ['messages.ts', emitMessages(files)],
    ['api-keys.ts', emitApiKeys(files)],
    ['lookup.ts', emitLookup(files)],
    ['metadata-record-types.ts', emitRecordTypes(files, 'metadata-records', 'MetadataRecordTypes')],
    ['remote-log-record-types.ts', emitRecordTypes(files, 'remote-log-records', 'RemoteLogRecordTypes')],
    ['coordinator-record-types.ts', emitCoordinatorRecordTypes(files)],
  ])
}

function emitMessages(files: readonly SchemaFile[]): string {
  const exports = files.map((file) => {
    const constants = file.messages.map(({ name }) => constantName(name))
    const types = file.messages.flatMap(({ structs }) => structs.map(({ typeName }) => `type ${typeName}`))
    const names = [...constants, ...types].toSorted((a, b) => compare(a.replace('type ', ''), b.replace('type ', '')))
    return `export {\n${names.map((name) => `  ${name},`).join('\n')}\n} from './${file.path}.ts'`
  })
  return [banner('schema'), ...exports, ''].join('\n')
}

function emitApiKeys(files: readonly SchemaFile[]): string {
  const rows = files.flatMap(({ messages }) => {
    const request = messages.find(({ kind }) => kind === 'request')
    if (request === undefined) return []
    const { name, key, versions, flexibleFrom, listeners, latestVersionUnstable } = request
    const flexible = Number.isFinite(flexibleFrom) ? String(flexibleFrom) : 'Number.POSITIVE_INFINITY'
    return [
      `  ${apiName(name)}: {`,
      `    key: ${key},`,
      `    name: '${apiName(name)}',`,
      `    minVersion: ${versions.from},`,
      `    maxVersion: ${versions.to},`,
      `    firstFlexibleVersion: ${flexible},`,
      `    latestVersionUnstable: ${latestVersionUnstable},`,
      `    listeners: [${[...listeners]
        .sort()
        .map((listener) => `'${listener}'`)
        .join(', ')}],`,
      '  },',
    ]
  })
  return [
    banner('schema'),
    '/** Every API by its name, in the order of the keys. */',
    'export const apiKeys = {',
    ...rows,
    '} as const',
    '',
  ].join('\n')
}

function emitLookup(files: readonly SchemaFile[]): string {
  const of = (kind: string): Message[] =>
    files.flatMap(({ messages }) => messages.filter((message) => message.kind === kind))
  const requests = of('request')
  const responses = of('response')
  const table = (name: string, types: string, messages: readonly Message[]): string[] => [
    `/** The ${name.startsWith('request') ? 'request' : 'response'} of each API key. */`,
    `export interface ${types} {`,
    ...messages.map((message) => `  ${message.key}: ${message.name}`),
    '}',
    '',
    `export const ${name}: { readonly [Key in keyof ${types}]: MessageType<${types}[Key]> } = {`,
    ...messages.map((message) => `  ${message.key}: ${constantName(message.name)},`),
    '}',
    '',
  ]
  const all = files.flatMap(({ messages }) => messages)
  return [
    banner('schema'),
    "import type { MessageType } from '../message-type.ts'",
    ...importsOf(files, ({ kind }) => kind === 'request' || kind === 'response'),
    '',
    ...table('requestTypes', 'RequestByApiKey', requests),
    ...table('responseTypes', 'ResponseByApiKey', responses),
    '/** Every message by its name. */',
    'export const messageTypes: Readonly<Record<string, MessageType<object>>> = {',
    ...all.map(({ name }) => `  ${name}: ${constantName(name)},`),
    '}',
    '',
  ].join('\n')
}

function emitRecordTypes(files: readonly SchemaFile[], folder: string, types: string): string {
  const table = constantName(types)
  const inFolder = files.filter(({ path }) => path.startsWith(`${folder}/`))
  const messages = inFolder.flatMap((file) => file.messages)
  return [
    banner(`schema/${folder}`),
    "import type { MessageType } from '../message-type.ts'",
    ...importsOf(inFolder),
    '',
    `/** The records of schema/${folder} by their names. */`,
    `export interface ${types} {`,
    ...messages.map(({ name }) => `  ${name}: ${name}`),
    '}',
    '',
    `export const ${table}: { readonly [Name in keyof ${types}]: MessageType<${types}[Name]> } = {`,
    ...messages.map(({ name }) => `  ${name}: ${constantName(name)},`),
    '}',
    '',
  ].join('\n')
}

function emitCoordinatorRecordTypes(files: readonly SchemaFile[]): string {
  const lines: string[] = []
  const inFolders = families.flatMap(({ folder }) => files.filter(({ path }) => path.startsWith(`${folder}/`)))
  for (const { folder, table, types, what } of families) {
    const pairs = files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ messages }) => keyAndValue(messages))
    lines.push(
      `/** Keys and values of the records in ${what}, by the name that they share. */`,
      `export interface ${types} {`,
      ...pairs.map(({ name, key, value }) => `  ${name}: { key: ${key.name}; value: ${value.name} }`),
      '}',
      '',
      `export const ${table}: { readonly [Name in keyof ${types}]: CoordinatorRecordType<${types}[Name]> } = {`,
      ...pairs.map(
        ({ name, key, value }) => `  ${name}: { key: ${constantName(key.name)}, value: ${constantName(value.name)} },`,
      ),
      '}',
      '',
    )
  }
  return [
    banner(families.map(({ folder }) => `schema/${folder}`).join(', ')),
    "import type { CoordinatorRecordType } from '../coordinator-record-type.ts'",
    ...importsOf(inFolders),
    '',
    ...lines,
  ].join('\n')
}

function keyAndValue(messages: readonly Message[]): { name: string; key: Message; value: Message } {
  const [key, value] = messages
  if (key?.kind !== 'coordinator-key' || value?.kind !== 'coordinator-value') {
    throw new Error(`${key?.name}: expected a coordinator key and then its value`)
  }
  return { name: key.name.replace(/Key$/, ''), key, value }
}

/** Imports of the codecs, and of the interfaces of those messages that `withType` picks. */
function importsOf(files: readonly SchemaFile[], withType: (message: Message) => boolean = () => true): string[] {
  return files.map(({ path, messages }) => {
    const names = messages.flatMap((message) => [
      constantName(message.name),
      ...(withType(message) ? [`type ${message.name}`] : []),
    ])
    return `import { ${names.join(', ')} } from './${path}.ts'`
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

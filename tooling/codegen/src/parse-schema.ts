import type { Field, Message, Primitive, Struct, VersionRange } from './schema.ts'

const primitives: ReadonlySet<string> = new Set<Primitive>([
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'uuid',
  'string',
  'bytes',
  'records',
])

/** A line with the more deeply indented lines under it. */
interface Line {
  readonly text: string
  readonly number: number
  readonly children: Line[]
}

/** What the fields of one message need to know of each other. */
interface Scope {
  readonly messageName: string
  readonly structs: Map<string, Struct>
}

/**
 * Parses one schema file.
 * @throws Error with file and line number when a line does not follow the notation.
 */
export function parseSchema(text: string, fileName: string): Message[] {
  try {
    return toTree(text).map(parseMessage)
  } catch (error) {
    throw new Error(`${fileName}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function toTree(text: string): Line[] {
  const roots: Line[] = []
  const path: Line[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) continue
    const indent = raw.length - raw.trimStart().length
    const depth = indent / 2
    const line: Line = { text: raw.trim(), number: index + 1, children: [] }
    if (!Number.isInteger(depth) || depth > path.length) throw new Error(`line ${line.number}: unexpected indent`)
    path.length = depth
    const parent = path[depth - 1]
    ;(parent?.children ?? roots).push(line)
    path.push(line)
  }
  return roots
}

function parseMessage(line: Line): Message {
  const [head = '', ...attributes] = line.text.split(', ')
  const [kind = '', name = ''] = head.split(' ')
  const settings = new Map(attributes.map((attribute) => splitOnce(attribute, ' ')))
  const versions = parseRange(settings.get('versions') ?? '', { from: 0, to: Number.POSITIVE_INFINITY })
  const flexible = settings.get('flexible')
  const scope: Scope = { messageName: name, structs: new Map() }
  const isStruct = (child: Line): boolean => child.text.startsWith('struct ')
  for (const child of line.children.filter(isStruct)) {
    const [, structName = '', range] = child.text.split(' ')
    declareStruct(scope, structName, range === undefined ? versions : parseRange(range, versions))
  }
  for (const child of line.children.filter(isStruct)) {
    fillStruct(scope, child.text.split(' ')[1] ?? '', child.children)
  }
  const root: Struct = { name, typeName: name, versions, fields: [] }
  const fields = line.children.filter((child) => !isStruct(child)).map((child) => parseField(scope, child, root))
  const complete: Struct = { ...root, fields }
  return {
    kind,
    name,
    key: Number(settings.get('key') ?? -1),
    versions,
    flexibleFrom: flexible === undefined ? Number.POSITIVE_INFINITY : parseRange(flexible, versions).from,
    listeners: settings.get('listeners')?.split(' ') ?? [],
    latestVersionUnstable: settings.has('latestVersionUnstable'),
    structs: [...scope.structs.values(), complete],
    root: complete,
  }
}

function declareStruct(scope: Scope, name: string, versions: VersionRange): Struct {
  if (scope.structs.has(name)) throw new Error(`struct ${name} is declared twice`)
  const struct: Struct = { name, typeName: typeName(scope.messageName, name), versions, fields: [] }
  scope.structs.set(name, struct)
  return struct
}

function fillStruct(scope: Scope, name: string, lines: readonly Line[]): void {
  const struct = scope.structs.get(name)
  if (struct === undefined) throw new Error(`struct ${name} is not declared`)
  const fields = struct.fields as Field[]
  for (const line of lines) fields.push(parseField(scope, line, struct))
}

function parseField(scope: Scope, line: Line, parent: Struct): Field {
  const match = /^(\w+): (\[\])?(\w+)(\?)?(?: (\d+(?:\+|-\d+)?))?(?: = ([^,]*))?((?:, [^,]+)*)$/.exec(line.text)
  if (match === null) throw new Error(`line ${line.number}: not a field: ${line.text}`)
  const [, name = '', array, base = '', isNullable, range, defaultText, rest = ''] = match
  const versions = range === undefined ? parent.versions : parseRange(range, parent.versions)
  const attributes = new Map(
    rest
      .split(', ')
      .slice(1)
      .map((attribute) => splitOnce(attribute, ' ')),
  )
  const nullable = attributes.get('nullable')
  let type: Primitive | Struct
  if (primitives.has(base)) type = base as Primitive
  else if (line.children.length > 0) {
    type = declareStruct(scope, base, versions)
    fillStruct(scope, base, line.children)
  } else {
    const shared = scope.structs.get(base)
    if (shared === undefined) throw new Error(`line ${line.number}: no struct ${base}`)
    type = shared
  }
  return {
    name,
    type,
    isArray: array !== undefined,
    versions,
    nullable: isNullable !== undefined ? versions : nullable === undefined ? null : parseRange(nullable, versions),
    defaultText: defaultText ?? null,
    tag: Number(attributes.get('tag') ?? -1),
    ignorable: attributes.has('ignorable'),
    bigint: attributes.has('bigint'),
    neverCompact: attributes.get('flexible') === 'none',
  }
}

function parseRange(text: string, within: VersionRange): VersionRange {
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text)
  if (match === null) throw new Error(`not a version range: ${text}`)
  const from = Math.max(Number(match[1]), within.from)
  const to = match[2] === '+' ? within.to : Math.min(Number(match[3] ?? match[1]), within.to)
  if (from > to) throw new Error(`no version of ${text} is within ${within.from}-${within.to}`)
  return { from, to }
}

/** `FetchRequest` and `FetchTopic` give `FetchRequestTopic`: what the struct repeats of the message's name is left out. */
function typeName(messageName: string, structName: string): string {
  const apiName = messageName.replace(/(Request|Response|Record|Value|Data)$/, '')
  for (const prefix of [messageName, apiName]) {
    const rest = structName.slice(prefix.length)
    if (structName.startsWith(prefix) && /^[A-Z]/.test(rest) && rest !== 's') return messageName + rest
  }
  return messageName + structName
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

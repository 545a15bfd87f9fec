/** An API of the protocol's table, as far as the compatibility table shows it. */
export interface CompatibilityRow {
  readonly key: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  /** The newest version is served only on request. */
  readonly latestVersionUnstable: boolean
}

/** Where support shows: a schema makes a codec, a handler makes the broker answer; both files start with the API key. */
export interface SupportFiles {
  readonly schemas: readonly string[]
  readonly handlers: readonly string[]
}

/** The compatibility table as Markdown: what Kafka serves, what is encoded and decoded here, what the broker answers. */
export function compatibilityTable(apis: readonly CompatibilityRow[], { schemas, handlers }: SupportFiles): string {
  const encoded = keysOf(schemas)
  const answered = keysOf(handlers)
  const mark = (keys: ReadonlySet<number>, key: number) => (keys.has(key) ? 'yes' : 'no')
  const rows = apis.map((api) => {
    const versions = `${api.minVersion}-${api.latestVersionUnstable ? api.maxVersion - 1 : api.maxVersion}`
    return `| ${api.key} | ${api.name} | ${versions} | ${mark(encoded, api.key)} | ${mark(answered, api.key)} |`
  })
  const count = (keys: ReadonlySet<number>) => apis.filter(({ key }) => keys.has(key)).length
  return [
    `Of the ${apis.length} APIs of Apache Kafka 4.4 the codec knows ${count(encoded)} and the broker answers ${count(answered)}.`,
    '',
    '<details>',
    '<summary>Every API</summary>',
    '',
    '| key | API | versions | codec | broker |',
    '| ---: | --- | --- | --- | --- |',
    ...rows,
    '',
    '</details>',
  ].join('\n')
}

function keysOf(fileNames: readonly string[]): ReadonlySet<number> {
  return new Set(fileNames.flatMap((name) => /^(\d+)-/.exec(name)?.[1] ?? []).map(Number))
}

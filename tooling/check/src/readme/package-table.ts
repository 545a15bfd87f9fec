import { layers } from '../layers/layers.ts'

/** What the package table shows of a `package.json`. */
export interface PackageRow {
  /** Folder under `packages`. */
  readonly directory: string
  readonly name: string
  readonly description: string
}

/** The package table as Markdown, lowest layer first. */
export function packageTable(packages: readonly PackageRow[]): string {
  const rows = layers.flatMap((names, level) =>
    names.flatMap((directory) => {
      const row = packages.find((candidate) => candidate.directory === directory)
      return row === undefined ? [] : [`| L${level} | [${row.name}](packages/${directory}) | ${row.description} |`]
    }),
  )
  return ['| layer | package | what it is |', '| --- | --- | --- |', ...rows].join('\n')
}

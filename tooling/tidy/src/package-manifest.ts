import { posix } from 'node:path'
import type { TidyFile } from './tidy-file.ts'

/** A `package.json`, as far as the rules read it. */
export interface PackageManifest {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly license?: string
  readonly type?: string
  readonly private?: boolean
  readonly sideEffects?: boolean
  readonly engines?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly files?: readonly string[]
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** The source condition under which the workspace resolves a package to its TypeScript. */
export const sourceCondition = '@odradek/source'

/** Reads a `package.json` of the tree. */
export function readManifest(file: TidyFile): PackageManifest {
  return JSON.parse(file.text) as PackageManifest
}

/** The source files behind a package's exports map: `{ entry: './json', path: 'packages/protocol/src/json/index.ts' }`. */
export function sourceEntries(manifest: TidyFile): readonly { readonly entry: string; readonly path: string }[] {
  const directory = posix.dirname(manifest.path)
  return Object.entries(readManifest(manifest).exports ?? {}).flatMap(([entry, target]) => {
    const source = typeof target === 'string' ? undefined : target[sourceCondition]
    return source === undefined ? [] : [{ entry, path: posix.join(directory, source) }]
  })
}

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TidyFile } from './tidy-file.ts'

const binary = /\.(gz|zst|br|zip|jar|class|png|ico|woff2?|bin|log|index|timeindex|snapshot)$/

/** The files that tidy looks at. */
export class Tree {
  readonly #files = new Map<string, TidyFile>()

  constructor(root: string, paths: readonly string[]) {
    for (const path of paths) this.#files.set(path, new TidyFile(path, readFileSync(join(root, path), 'utf8')))
  }

  get files(): Iterable<TidyFile> {
    return this.#files.values()
  }

  file(path: string): TidyFile | undefined {
    return this.#files.get(path)
  }
}

/** What git tracks or would track at `root`, without the fixtures (they break rules on purpose) and without binary files. */
export function gitTree(root: string): Tree {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const paths = new Set(listing.split('\0'))
  return new Tree(root, [...paths].filter((path) => isLookedAt(root, path)).sort())
}

function isLookedAt(root: string, path: string): boolean {
  if (path === '' || binary.test(path) || /(^|\/)fixtures\//.test(path)) return false
  return existsSync(join(root, path)) && statSync(join(root, path)).isFile()
}

/** Every file under a directory. */
export function directoryTree(root: string): Tree {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Tree(root, paths.map((path) => path.slice(root.length + 1)).sort())
}

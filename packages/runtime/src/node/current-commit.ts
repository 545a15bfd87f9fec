import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hostCode } from './storage-failure.ts'

/** The commit that is checked out in the working directory or one above it, read from git's own files; `unknown` elsewhere. */
export function currentCommit(): string {
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    const head = textOf(join(directory, '.git', 'HEAD'))
    if (head !== undefined) return head.startsWith('ref: ') ? commitOf(join(directory, '.git'), head.slice(5)) : head
    if (directory === dirname(directory)) return 'unknown'
  }
}

function commitOf(gitDirectory: string, ref: string): string {
  const loose = textOf(join(gitDirectory, ref))
  if (loose !== undefined) return loose
  const packed = textOf(join(gitDirectory, 'packed-refs'))?.split('\n') ?? []
  return packed.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0] ?? 'unknown'
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (hostCode(error) === 'ENOENT' || hostCode(error) === 'ENOTDIR') return undefined
    throw error
  }
}

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'

/** Where compiled drivers and installed clients are kept: `ODRADEK_INTEROP_HOME`, or `~/.cache/odradek-interop`. */
export function interopHome(): string {
  return process.env['ODRADEK_INTEROP_HOME'] ?? join(homedir(), '.cache', 'odradek-interop')
}

/**
 * A directory of the cache that `make` filled from `sources` (directories, read recursively): made once for each state of the sources.
 * Processes that come at the same time make it side by side and the first one's is kept.
 */
export async function cached(
  name: string,
  sources: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    const entries = await readdir(source, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.sort()) hash.update(relative(source, file)).update(await readFile(file))
  }
  const directory = join(interopHome(), `${name}-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(directory)) return directory
  await mkdir(interopHome(), { recursive: true })
  const work = await mkdtemp(join(interopHome(), `.${name}-`))
  try {
    await make(work)
    await rename(work, directory)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    if (!existsSync(directory)) throw error
  }
  return directory
}

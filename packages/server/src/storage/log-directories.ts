/** The log directories of a node as `kafka-storage` finds them. */
import { type BrokerConfig, logDirsOf } from '@odradek/broker-core/config'
import { type Storage, StorageError } from '@odradek/runtime'
import { parseProperties } from '../properties-file.ts'

/** All directories, sorted: those of the logs and, when it is another one, that of the metadata log. */
export function directoriesOf(config: BrokerConfig): readonly string[] {
  return [...new Set([...logDirsOf(config), metadataDirectoryOf(config)])].sort()
}

/** The directory of the metadata log: `metadata.log.dir`, else the first log directory. */
export function metadataDirectoryOf(config: BrokerConfig): string {
  return config.metadataLogDir ?? logDirsOf(config)[0]!
}

/** What a directory is like: its `meta.properties`, unread, or why there is none. */
export type DirectoryState =
  | { readonly kind: 'formatted'; readonly properties: ReadonlyMap<string, string> }
  | { readonly kind: 'missing' | 'not-a-directory' | 'empty' }
  | { readonly kind: 'failed'; readonly message: string }

/** Looks at a directory. */
export function stateOf(storage: Storage, directory: string): DirectoryState {
  if (!storage.exists(directory)) return { kind: 'missing' }
  try {
    storage.list(directory)
  } catch (error) {
    if (error instanceof StorageError) return { kind: 'not-a-directory' }
    throw error
  }
  try {
    const text = new TextDecoder().decode(storage.readFile(`${directory}/meta.properties`))
    return { kind: 'formatted', properties: new Map(parseProperties(text).map(({ name, value }) => [name, value])) }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    return error.code === 'not-found' ? { kind: 'empty' } : { kind: 'failed', message: error.message }
  }
}

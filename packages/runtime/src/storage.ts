/**
 * The disk as a core sees it. Writes and changes of names are synchronous: they reach the page cache before the call returns, so
 * a state change never waits in its middle. Reads of data and `sync` are asynchronous: they may take as long as a disk takes.
 * Paths are relative to nothing: a caller joins them itself with `/`. Every failure is a `StorageError`.
 */
export interface Storage {
  /** Opens a file for reading and writing; creates it when missing unless `create` is false (then: `StorageError` `not-found`). */
  open(path: string, options?: { readonly create?: boolean }): StorageFile
  /** Whole content of a small file; `StorageError` `not-found` when missing. */
  readFile(path: string): Uint8Array
  /** Replaces a small file's content as one step (write to `<path>.tmp`, sync it, rename), so that a crash leaves the old or the new. */
  writeFile(path: string, content: Uint8Array): void
  /** Names directly in the directory, sorted; `StorageError` `not-found` when missing. */
  list(directory: string): readonly DirectoryEntry[]
  /** True when a file or directory of that path exists. */
  exists(path: string): boolean
  /** Makes the directory and its parents; an existing one is fine. */
  makeDirectory(path: string): void
  /** Renames a file or directory, replacing a file of the new name. */
  rename(from: string, to: string): void
  /** Removes a file, or a directory with all it holds; a missing one is fine. */
  remove(path: string): void
  /** Makes names created, renamed or removed in the directory durable. */
  syncDirectory(directory: string): Promise<void>
  /** The same at once; for names that must be durable before a write is acknowledged. */
  syncDirectoryNow(directory: string): void
  /** Takes the exclusive lock file of a data directory; `StorageError` `locked` when another process (or broker) holds it. */
  lock(path: string): StorageLock
  /** Size and free space in bytes of the volume that holds the path. */
  space(path: string): { readonly totalBytes: number; readonly usableBytes: number }
}

/** One name of a directory. */
export interface DirectoryEntry {
  readonly name: string
  readonly directory: boolean
  /** Bytes of a file; 0 for a directory. */
  readonly size: number
  /** Time of the last change, milliseconds since the Unix epoch. */
  readonly modifiedMs: number
}

/** An open file. All positions and lengths are bytes. */
export interface StorageFile {
  readonly path: string
  /** Present length, counting what was appended and is not yet synced. */
  readonly size: number
  /** Writes the chunks one after the other at the end, in one system call where the host can; all of them or an error. Returns the position of the first byte. When it throws, the file is truncated to its former size where the disk still allows it. */
  append(chunks: readonly Uint8Array[]): number
  /** Overwrites (and extends) at a position; for headers and preallocated indexes. */
  write(position: number, chunk: Uint8Array): void
  /**
   * Up to `length` bytes from `position`; fewer only at the end of the file. The result never changes afterwards, whatever happens
   * to the file, and may be kept; it may be a view of what the storage holds, so the caller must not write into it. A storage that
   * has to copy the bytes takes `into` for it, at least `length` bytes of the caller's, and answers a view of that.
   */
  read(position: number, length: number, into?: Uint8Array): Promise<Uint8Array>
  /** The same at once; for recovery, indexes and small look-ups that are likely in the page cache. */
  readSync(position: number, length: number): Uint8Array
  truncate(size: number): void
  /** Resolves when everything written before the call is durable (fdatasync). */
  sync(): Promise<void>
  /** The same at once; for shutdown and files that must be durable before a state change. */
  syncNow(): void
  close(): void
}

/** A lock file that is held. */
export interface StorageLock {
  /** Lets go of the lock; the file stays, as Kafka's does. A second call does nothing. */
  release(): void
}

/** What went wrong on a disk: `closed` is a use after `close`, `io` is everything that has no code of its own. */
export type StorageErrorCode = 'not-found' | 'no-space' | 'locked' | 'closed' | 'io'

/** A failed disk operation: what was tried (`operation`), on which `path`, and the host's error as `cause`. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode
  readonly operation: string
  readonly path: string

  constructor(code: StorageErrorCode, call: { readonly operation: string; readonly path: string }, cause?: unknown) {
    const { operation, path } = call
    super(`${operation} ${path}: ${describe(code, cause)}`, { cause })
    this.code = code
    this.operation = operation
    this.path = path
  }
}

function describe(code: StorageErrorCode, cause: unknown): string {
  const reason = cause instanceof Error ? ` (${cause.message})` : ''
  return `${code}${reason}`
}

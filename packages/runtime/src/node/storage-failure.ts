import { StorageError, type StorageErrorCode } from '../storage.ts'

/** Runs a host call on a path; what it throws becomes a `StorageError` that names the operation. */
export function attempt<T>(operation: string, path: string, call: () => T): T {
  for (;;) {
    try {
      return call()
    } catch (error) {
      // A signal may interrupt a read before a byte has moved: the call has done nothing and is simply made again.
      if (hostCode(error) === 'EINTR') continue
      throw storageFailure(operation, path, error)
    }
  }
}

/** The `StorageError` for a failed host call. */
export function storageFailure(operation: string, path: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause
  return new StorageError(codeOf(hostCode(cause)), { operation, path }, cause)
}

/** Node's error code (`ENOENT`), or undefined for anything that is no system error. */
export function hostCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function codeOf(code: string | undefined): StorageErrorCode {
  switch (code) {
    case 'ENOENT':
      return 'not-found'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no-space'
    default:
      return 'io'
  }
}

import { createRequire } from 'node:module'

/**
 * A function that loads the package `name` at its first call and answers `undefined`, from then on, when the package is not
 * installed or has no build for this machine. Nothing is loaded at import.
 */
export function optionalModule<T>(name: string): () => T | undefined {
  let loaded: { module: T | undefined } | undefined
  return () => {
    if (loaded === undefined) {
      try {
        loaded = { module: createRequire(import.meta.url)(name) as T }
      } catch {
        // Not installed, or installed without a binary for this platform: the caller has a way without it.
        loaded = { module: undefined }
      }
    }
    return loaded.module
  }
}

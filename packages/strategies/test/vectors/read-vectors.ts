import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** The lines of a compressed file of this folder, one JSON value each. */
export function readVectors<T>(file: string): T[] {
  const text = gunzipSync(readFileSync(new URL(file, import.meta.url))).toString('utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

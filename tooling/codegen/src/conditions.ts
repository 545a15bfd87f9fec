import { covers, type VersionRange } from './schema.ts'

/** The test for `version` being in `range`, or null when it always is because `context` holds no other versions. */
export function inRange(range: VersionRange, context: VersionRange): string | null {
  if (covers(range, context)) return null
  const tests: string[] = []
  if (range.from > context.from)
    tests.push(range.from === range.to ? `version === ${range.from}` : `version >= ${range.from}`)
  if (range.to < context.to && !(range.from > context.from && range.from === range.to)) {
    tests.push(range.from === range.to ? `version === ${range.to}` : `version <= ${range.to}`)
  }
  return tests.join(' && ')
}

/** The expression for "this version is flexible" in `context`: `true`, `false`, or the local constant `flexible`. */
export function flexibleIn(flexibleFrom: number, context: VersionRange): 'true' | 'false' | 'flexible' {
  if (flexibleFrom <= context.from) return 'true'
  return flexibleFrom > context.to ? 'false' : 'flexible'
}

import type { Finding, Rule } from '../rule.ts'
import type { TidyFile } from '../tidy-file.ts'

const writtenByHand = /\.(m?[jt]s|tsx|md|ya?ml|sh|java|go|py|rs|properties|html|css)$/

/** What must not stand in any file, in whatever language. */
export const textRules: readonly Rule[] = [
  {
    name: 'no-markers',
    why: 'what is committed is done',
    remedy: 'do it, or file it where work is planned',
    *check(file) {
      if (writtenByHand.test(file.path)) yield* matches(file, /\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b/g)
    },
  },
  {
    name: 'no-suppression',
    why: 'a rule that is switched off in one place is switched off',
    remedy: 'write it so that the rule holds; a test may expect a type error',
    *check(file) {
      if (!writtenByHand.test(file.path) || file.path.endsWith('.md')) return
      yield* matches(file, /@ts-(ignore|nocheck)|biome-[i]gnore|eslint-[d]isable|v8 [i]gnore|[k]nip-ignore/g)
      if (!file.isTest) yield* matches(file, /@ts-[e]xpect-error/g)
    },
  },
  {
    name: 'no-registry-host',
    why: 'the lock file names no registry, so that every registry will do',
    remedy: 'npm install with the .npmrc of this repository',
    *check(file) {
      if (/(^|\/)package-lock\.json$/.test(file.path)) yield* matches(file, /"resolved": "https?:[^"]*"/g)
    },
  },
  {
    name: 'no-machine-path',
    why: 'nothing depends on where it was written',
    remedy: 'use a path relative to the file, or a temporary directory',
    *check(file) {
      yield* matches(file, /(?<![\w.$})-])\/(root|work|Users\/\w+|home\/[a-z]\w*)\/[\w.-]*/g)
    },
  },
  {
    name: 'no-empty-catch',
    why: 'an error that is swallowed says why it may be',
    remedy: 'handle it, let it pass, or say in a comment inside the braces why nothing is to be done',
    *check(file) {
      if (file.isTypeScript) yield* matches(file, /\bcatch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\w*\) => \{\s*\}\)/g)
    },
  },
]

function* matches(file: TidyFile, pattern: RegExp): Generator<Finding> {
  for (const match of file.text.matchAll(pattern)) yield { line: file.lineAt(match.index), found: match[0] }
}

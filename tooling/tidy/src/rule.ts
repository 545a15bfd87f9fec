import type { TidyFile } from './tidy-file.ts'
import type { Tree } from './tree.ts'

/** One row of the rule table. */
export interface Rule {
  /** Kebab-case, and the name of the rule's folder under `fixtures`. */
  readonly name: string
  /** What is expected, and why. */
  readonly why: string
  /** What to do about a finding. */
  readonly remedy: string
  /** Looks at one file; asked for every file of the tree, so it starts by passing over those it does not mean. */
  check(file: TidyFile, tree: Tree): Iterable<Finding>
}

/** What a rule found. */
export interface Finding {
  /** Counted from 1. */
  readonly line: number
  /** What stands there. */
  readonly found: string
  /** The file, when it is another than the one the rule looked at. */
  readonly path?: string
}

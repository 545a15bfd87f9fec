import type { Rule } from './rule.ts'
import type { Tree } from './tree.ts'

/** A finding with its place and its rule. */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly found: string
  readonly rule: Rule
}

/** Holds every file against every rule; in order of paths and lines. */
export function runTidy(rules: readonly Rule[], tree: Tree): readonly Violation[] {
  const violations: Violation[] = []
  for (const file of tree.files) {
    for (const rule of rules) {
      for (const { line, found, path = file.path } of rule.check(file, tree))
        violations.push({ path, line, found, rule })
    }
  }
  return violations.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
}

/** A violation as an editor's terminal can follow it. */
export function violationText({ path, line, found, rule }: Violation): string {
  return `${path}:${line} ${found}\n  ${rule.name}: ${rule.why}; ${rule.remedy}\n`
}

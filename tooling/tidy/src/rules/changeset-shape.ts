import { readManifest } from '../package-manifest.ts'
import type { Finding, Rule } from '../rule.ts'

/** A changeset that changesets cannot read is a line missing from the changelogs. */
export const changesetShapeRule: Rule = {
  name: 'changeset-shape',
  why: 'a changeset opens with --- and a line for each package, "@odradek/name": major, minor or patch, and ---, and then says what changed',
  remedy: 'write it with npx changeset, and let no formatter touch it',
  *check(file, tree): Generator<Finding> {
    if (!/^\.changeset\/(?!README)[^/]+\.md$/.test(file.path)) return
    const parts = /^---\n((?:.+\n)+)---\n\s*\S/.exec(file.text)
    if (parts === null) {
      yield { line: 1, found: 'no front matter, or nothing after it' }
      return
    }
    for (const [index, line] of (parts[1] ?? '').trimEnd().split('\n').entries()) {
      const name = /^(["'])@odradek\/([a-z-]+)\1: (major|minor|patch)$/.exec(line)?.[2]
      const manifest = name === undefined ? undefined : tree.file(`packages/${name}/package.json`)
      if (manifest === undefined || readManifest(manifest).private === true) yield { line: index + 2, found: line }
    }
  },
}

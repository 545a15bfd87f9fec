import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules } from '../src/rules.ts'
import { runTidy } from '../src/run-tidy.ts'
import { TidyFile } from '../src/tidy-file.ts'
import { directoryTree } from '../src/tree.ts'

const fixtures = resolve(import.meta.dirname, '../fixtures')

/** What each rule finds in `fixtures/<rule>/violating`. */
const findings = JSON.parse(readFileSync(join(fixtures, 'findings.json'), 'utf8')) as Record<string, readonly string[]>

const found = (name: string, kind: 'violating' | 'clean') => {
  const rule = rules.filter((row) => row.name === name)
  const violations = runTidy(rule, directoryTree(join(fixtures, name, kind)))
  return violations.map((violation) => `${violation.path}:${violation.line} ${violation.found}`)
}

test('every rule has a name of its own, a reason, a remedy, and fixtures that prove it', () => {
  const names = rules.map(({ name }) => name).toSorted()
  const folders = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(Object.keys(findings).toSorted())
  expect(names).toEqual(folders.map(({ name }) => name).toSorted())
  expect(rules.filter(({ why, remedy }) => why === '' || remedy === '')).toEqual([])
})

describe.each(Object.entries(findings))('%s', (name, expected) => {
  test('finds every way to break it', () => expect(found(name, 'violating')).toEqual(expected))
  test('leaves alone what keeps it', () => expect(found(name, 'clean')).toEqual([]))
})

test.each(['root', 'work'])('a path under /%s is a machine path in whatever file', (directory) => {
  const rule = rules.find(({ name }) => name === 'no-machine-path')!
  const path = ['', directory, 'main'].join('/')
  const file = new TidyFile('packages/log/test/data/cases.jsonl', `{"at":"${path}"}\n`)
  expect([...rule.check(file, directoryTree(fixtures))]).toEqual([{ line: 1, found: path }])
})

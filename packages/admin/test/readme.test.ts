import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Admin, adminConfigTable } from '../src/index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test("the README's table of options is what the rows say", () => {
  const table = /<!-- options -->\n\n([\s\S]*)\n\n<!-- \/options -->/.exec(readme)?.[1]
  expect(table, 'npm run readme -w @odradek/admin writes it').toBe(adminConfigTable.toMarkdown())
})

test('the README names every call', () => {
  const calls: string[] = []
  for (let type = Admin.prototype; type !== Object.prototype; type = Object.getPrototypeOf(type)) {
    calls.push(...Object.getOwnPropertyNames(type).filter((name) => name !== 'constructor'))
  }
  expect(calls.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})

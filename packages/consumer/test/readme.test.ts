import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { consumerConfigTable } from '../src/index.ts'

test("the README's table of options is what the rows say", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const table = /<!-- options -->\n\n([\s\S]*)\n\n<!-- \/options -->/.exec(readme)?.[1]
  expect(table, 'npm run readme -w @odradek/consumer writes it').toBe(consumerConfigTable.toMarkdown())
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { producerConfigTable } from '../src/index.ts'

test("the README's table of options is what the rows say", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const table = /<!-- options -->\n\n([\s\S]*)\n\n<!-- \/options -->/.exec(readme)?.[1]
  expect(table, 'npm run readme -w @odradek/producer writes it').toBe(producerConfigTable.toMarkdown())
})

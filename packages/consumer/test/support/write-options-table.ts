/** Writes the table of options into the README: `npm run readme -w @odradek/consumer`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { consumerConfigTable } from '../../src/config/consumer-config.ts'

const path = new URL('../../README.md', import.meta.url)
const readme = readFileSync(path, 'utf8')
const table = `<!-- options -->\n\n${consumerConfigTable.toMarkdown()}\n\n<!-- /options -->`
writeFileSync(
  path,
  readme.replace(/<!-- options -->[\s\S]*<!-- \/options -->/, () => table),
)

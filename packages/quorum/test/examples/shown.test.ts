import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { records, response } from './replay-and-decide.ts'

it('shows an example in the README that does what it says', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const example = readFileSync(new URL('./replay-and-decide.ts', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``)
  expect([records, response.topics?.[0]?.errorMessage]).toEqual([
    [],
    'Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.',
  ])
})

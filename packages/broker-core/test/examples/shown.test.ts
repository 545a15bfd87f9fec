import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { brokerEpoch, clusterId, nodeId } from './own-ports.ts'

it('shows an example in the README that does what it says', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const example = readFileSync(new URL('./own-ports.ts', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``)
  expect([clusterId, nodeId, brokerEpoch > 0]).toEqual(['b2RyYWRlay1leGFtcGxlLQ', 1, true])
})

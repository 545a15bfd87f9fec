import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { classicTransitions } from '../../src/index.ts'
import { first, group, second } from './decide-and-replay.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('shows an example in the README that does what it says', () => {
  const example = readFileSync(new URL('./decide-and-replay.ts', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``)
  expect(first.response).toMatchObject({ memberId: 'app-0a1b2c3d-0000-4000-8000-000000000001', errorCode: 79 })
  expect([second.response, group]).toEqual(['later', 'PreparingRebalance'])
  expect(second.timers.map(({ event }) => event?.type)).toContain('classic-initial-join')
})

it('shows every transition of a classic group in the README', () => {
  const rows = classicTransitions.map(({ from, on: event, to }) => `| ${from} | ${event} | ${to} |`)
  expect(readme).toContain(rows.join('\n'))
})

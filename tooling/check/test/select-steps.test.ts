import { expect, test } from 'vitest'
import { selectSteps } from '../src/select-steps.ts'
import { steps } from '../src/steps.ts'
import { failureText, summaryText } from '../src/summary.ts'

const names = (commandLine: readonly string[]) => selectSteps(steps, commandLine).map(({ name }) => name)

test('without --only every step runs, and their names are unique', () => {
  expect(names([])).toEqual(steps.map(({ name }) => name))
  expect(new Set(names([])).size).toBe(steps.length)
})

test('--only takes names by comma or again and again', () => {
  expect(names(['--only', 'lint,types'])).toEqual(['types', 'lint'])
  expect(names(['--only', 'lint', '--only', 'tests'])).toEqual(['lint', 'tests'])
})

test('an unknown step is refused with the names there are', () => {
  expect(() => names(['--only', 'lints'])).toThrow(/^no step named lints; there are types, lint, /)
})

test('the summary names what failed and how to run it again', () => {
  const [types, lint] = [steps[0]!, steps[1]!]
  const results = [
    { step: types, passed: true, seconds: 12.34, output: '' },
    { step: lint, passed: false, seconds: 1, output: 'wrong\n' },
  ]
  expect(summaryText(results, 13)).toBe(
    [
      '',
      `ok     types   12.3 s  ${types.promise}`,
      `FAILED lint     1.0 s  ${lint.promise}`,
      '',
      'failed: lint (again: npm test -- --only lint)',
      '',
    ].join('\n'),
  )
  expect(failureText(results[1]!)).toBe(
    `\n--- lint failed: ${lint.command.join(' ')}\nwrong\n--- lint: ${lint.remedy}\n`,
  )
})

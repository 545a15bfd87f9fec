import { expect, test } from 'vitest'
import { parseDateTime, parseDuration } from '../../src/groups/java-time.ts'

test.each([
  ['2025-06-15T15:06:55.000', Date.UTC(2025, 5, 15, 15, 6, 55)],
  ['2025-06-15T15:06:55.250Z', Date.UTC(2025, 5, 15, 15, 6, 55, 250)],
  ['2025-06-15T15:06:55.000+02:00', Date.UTC(2025, 5, 15, 13, 6, 55)],
  ['2025-06-15T15:06:55.000-0530', Date.UTC(2025, 5, 15, 20, 36, 55)],
])('the time %s is read as UTC or with the offset behind it', (text, time) => {
  expect(parseDateTime(text)).toBe(time)
})

test.each([
  ['P1D', 86_400_000],
  ['PT2H3M4.5S', 7_384_500],
  ['P1DT1S', 86_401_000],
  ['-PT1M', -60_000],
  ['PT-1.5S', -1_500],
])('the duration %s is read as Java reads it', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})

test.each(['P', 'PT', '1D', 'P1H', 'PT1D'])('%s is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow('Text cannot be parsed to a Duration')
})

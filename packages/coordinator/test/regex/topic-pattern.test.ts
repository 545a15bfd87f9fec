import { describe, expect, it } from 'vitest'
import { compileTopicPattern } from '../../src/regex/topic-pattern.ts'

function matches(pattern: string, name: string): boolean | string {
  const compiled = compileTopicPattern(pattern)
  return 'problem' in compiled ? compiled.problem : compiled.matches(name)
}

describe('a topic pattern', () => {
  it.each<[string, string, boolean]>([
    ['orders', 'orders', true],
    ['orders', 'orders2', false],
    ['order', 'orders', false],
    ['orders.*', 'orders-eu', true],
    ['a|b|cd', 'cd', true],
    ['(a|b)c', 'bc', true],
    ['(?:ab)+', 'ababab', true],
    ['(?:ab)+', 'aba', false],
    ['a{2,3}', 'aa', true],
    ['a{2,3}', 'aaaa', false],
    ['a{2}', 'aa', true],
    ['a{2,}', 'aaaaa', true],
    ['a{,3}', 'a{,3}', true],
    ['a*?b', 'aaab', true],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[[:digit:]]+', '42', true],
    ['[[:^digit:]]+', '42', false],
    ['[\\d_]+', '4_2', true],
    ['\\d{4}-\\w+', '2024-x', true],
    ['\\D+', 'abc', true],
    ['a\\.b', 'a.b', true],
    ['a\\.b', 'axb', false],
    ['\\Qa.b\\E.', 'a.bx', true],
    ['\\x41\\x{42}\\103', 'ABC', true],
    ['\\pL+', 'abc', true],
    ['\\p{Lu}+', 'abc', false],
    ['\\P{Lu}+', 'abc', true],
    ['\\p{Greek}', 'a', false],
    ['(?i)ORDERS', 'orders', true],
    ['(?i:A)B', 'ab', false],
    ['(?i:A)b', 'ab', true],
    ['(?P<n>a)b', 'ab', true],
    ['(?<n>a)b', 'ab', true],
    ['^a$', 'a', true],
    ['a^b', 'ab', false],
    ['\\Aa\\z', 'a', true],
    ['a\\b-b', 'a-b', true],
    ['a\\Bb', 'ab', true],
    ['', '', true],
    ['', 'a', false],
    ['|a', 'a', true],
    ['.', 'é', true],
  ])('%s against %s: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected)
  })

  it.each<[string, string]>([
    ['[', 'missing closing ]'],
    ['[z-a]', 'invalid character class range'],
    ['[[:no:]]', 'invalid character class range'],
    ['(a', 'missing closing )'],
    ['a)', 'regexp/syntax: internal error'],
    ['*a', 'missing argument to repetition operator'],
    ['a**', 'invalid nested repetition operator'],
    ['a{1001}', 'invalid repeat count'],
    ['a{3,2}', 'invalid repeat count'],
    ['a\\', 'trailing backslash at end of expression'],
    ['\\1', 'invalid escape sequence'],
    ['\\y', 'invalid escape sequence'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?<=a)', 'invalid named capture'],
    ['(?P<n>a)(?P<n>b)', 'duplicate capture group name'],
    ['(?q)', 'invalid or unsupported Perl syntax'],
    ['(?i', 'invalid or unsupported Perl syntax'],
    ['(?P<>a)', 'invalid named capture'],
    ['\\p{None}', 'invalid character class range'],
    ['((a{900}){900})', 'expression too large'],
  ])('%s is refused: %s', (pattern, problem) => {
    expect(matches(pattern, '')).toBe(problem)
  })

  it('takes no longer than the name and the pattern are long, where backtracking would take for ever', () => {
    expect(matches('(a*)*(a|a)*(a?){50}b', 'a'.repeat(249))).toBe(false)
  })
})

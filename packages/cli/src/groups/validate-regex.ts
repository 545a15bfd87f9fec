import { compileTopicPattern } from '@odradek/coordinator'

/** What `--validate-regex` says of an expression in the syntax of RE2, which brokers use for subscriptions. */
export function validateRegex(expression: string): string {
  const compiled = compileTopicPattern(expression)
  if ('problem' in compiled) return `The regular expression \`${expression}\` is invalid: ${compiled.problem}.\n`
  return `The regular expression \`${expression}\` is valid.\n`
}

/** `npm test -- --only tidy`: holds every tracked file against the rules and tells file, line, what was expected and what to do. */
import { resolve } from 'node:path'
import { rules } from './rules.ts'
import { runTidy, violationText } from './run-tidy.ts'
import { gitTree } from './tree.ts'

const violations = runTidy(rules, gitTree(resolve(import.meta.dirname, '../../..')))
for (const violation of violations) process.stdout.write(violationText(violation))
process.stdout.write(`${violations.length} violations of ${rules.length} rules\n`)
if (violations.length > 0) process.exitCode = 1

/** `npm test -- --only layers`: fails when an import points up, sideways, in a circle or past an exports map. */
import { resolve } from 'node:path'
import { findLayerViolations } from './find-layer-violations.ts'

const violations = await findLayerViolations(resolve(import.meta.dirname, '../../../..'))
for (const { rule, from, to, remedy } of violations) process.stdout.write(`${from} -> ${to}\n  ${rule}: ${remedy}\n`)
process.stdout.write(`${violations.length} violations of the layer rules\n`)
if (violations.length > 0) process.exitCode = 1

import { assignorConformance } from '@odradek/strategies/testing'
import { it } from 'vitest'
import { standbyAssignor } from './standby-assignor.ts'

for (const check of assignorConformance(standbyAssignor)) it(check.name, check.run)

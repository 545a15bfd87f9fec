import { groupAssignorConformance } from '@odradek/strategies/testing'
import { it } from 'vitest'
import { rendezvousGroupAssignor } from './rendezvous-group-assignor.ts'

for (const check of groupAssignorConformance(rendezvousGroupAssignor, { sticky: true })) it(check.name, check.run)

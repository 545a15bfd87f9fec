import { partitionerConformance } from '@odradek/strategies/testing'
import { it } from 'vitest'
import { tenantPartitioner } from './tenant-partitioner.ts'

for (const check of partitionerConformance(tenantPartitioner, { keyed: true })) it(check.name, check.run)

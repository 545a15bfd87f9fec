import { partitionerConformance } from '@odradek/strategies/testing'
import { it } from 'vitest'
import { coldestFirstPartitioner } from './coldest-first-partitioner.ts'

for (const check of partitionerConformance(coldestFirstPartitioner, { spreads: true })) it(check.name, check.run)

import { kafkajsAssigner, kafkajsPartitioner, rangeAssigner, stickyAssigner } from '@odradek/strategies/kafkajs'
import { Kafka } from 'kafkajs'
import { standbyAssignor } from './standby-assignor.ts'
import { tenantPartitioner } from './tenant-partitioner.ts'

const kafka = new Kafka({ brokers: ['localhost:9092'] })

/** Places records as the Java producer does. */
export const producer = kafka.producer({ createPartitioner: kafkajsPartitioner() })

/** Places records by tenant. */
export const tenantProducer = kafka.producer({ createPartitioner: kafkajsPartitioner(tenantPartitioner) })

const sticky = stickyAssigner()

/** Prefers `sticky`, and shares its group with Java members that know only `range`. */
export const consumer = kafka.consumer({ groupId: 'orders', partitionAssigners: [sticky, rangeAssigner] })
sticky.follow(consumer)

/** Reads alone or not at all. */
export const standby = kafka.consumer({ groupId: 'reports', partitionAssigners: [kafkajsAssigner(standbyAssignor)] })

import { createPartitioner, defaultPartitioner, stickyAssignor } from '@odradek/strategies'

const partitioner = createPartitioner(defaultPartitioner, { random: { nextInt: (bound) => bound - 1 } })
const topic = { topic: 'orders', partitionCount: 12, availablePartitions: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }

/** Where the Java producer puts the key, too: 1. */
export const partition = partitioner.partition(topic, Buffer.from('key'), null)

const member = {
  topics: ['orders'],
  userData: null,
  ownedPartitions: [],
  generationId: -1,
  rackId: null,
  groupInstanceId: null,
}

/** Two members, six partitions each. */
export const assignment = stickyAssignor().assign(
  { partitionCount: () => 12 },
  new Map([
    ['consumer-1', member],
    ['consumer-2', member],
  ]),
)

import { expect, test } from 'vitest'
import { isUnderReplicated, partitionLine, topicLine } from '../../src/topics/topic-lines.ts'

const info = {
  partition: 0,
  leaderId: 1,
  leaderEpoch: 0,
  replicas: [1, 2, 3],
  isr: [1, 2],
  offlineReplicas: [],
  elr: [],
  lastKnownElr: null,
}
const topic = {
  topic: 'orders',
  topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
  isInternal: false,
  partitions: [info],
  authorizedOperations: null,
  configs: [],
}
const move = { topic: 'orders', partition: 0, replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [1] }

test('a partition that is on its way to other brokers says which it gets and loses, and counts without those it is getting', () => {
  const moving = { ...topic, reassignments: new Map([['orders-0', move]]) }
  expect([topicLine(moving), partitionLine(moving, info), isUnderReplicated(info, moving)]).toEqual([
    'Topic: orders\tTopicId: AAAAAAAAAAAAAAAAAAAAAQ\tPartitionCount: 1\tReplicationFactor: 2\tConfigs: \n',
    '\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2\tAdding Replicas: 3\tRemoving Replicas: 1\tElr: \tLastKnownElr: N/A\n',
    false,
  ])
})

test('a partition that stays where it is says nothing of moves and misses what is not in sync', () => {
  const staying = { ...topic, reassignments: new Map() }
  expect([partitionLine(staying, info), isUnderReplicated(info, staying)]).toEqual([
    '\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2\tElr: \tLastKnownElr: N/A\n',
    true,
  ])
})

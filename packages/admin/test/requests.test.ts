import { errors } from '@odradek/protocol'
import type { DeleteGroupsRequest, ListOffsetsRequest, OffsetFetchRequest } from '@odradek/protocol/messages'
import { expect, test } from 'vitest'
import { kafkaExceptionMessage, kafkaExceptionName } from '../src/index.ts'
import { adminWorld } from './support/admin-world.ts'

const at = (topic: string, partition: number) => ({ topic, partition, at: 'latest' }) as const

function offsetsAnswer({ topics }: ListOffsetsRequest, errorCode = 0): object {
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, offset: 7 })),
    })),
  }
}

test('a request for the controller finds it anew when it has changed', async () => {
  const { world, nodes, admin } = await adminWorld({ nodeCount: 2 })
  const answer = (errorCode: number) => ({ topics: [{ name: 'orders', errorCode }] })
  nodes[0]!.answers.set('CreateTopics', () => {
    for (const node of nodes) node.controllerId = 2
    return answer(errors.NOT_CONTROLLER.code)
  })
  nodes[1]!.answers.set('CreateTopics', () => answer(0))
  const made = await world.settle(admin.createTopics([{ topic: 'orders' }]))
  expect(made.get('orders')?.value?.topic).toBe('orders')
  expect(nodes.map((node) => node.requests('CreateTopics').length)).toEqual([1, 1])
})

test('each leader is asked once for all its partitions, and only those that moved are asked for again', async () => {
  const { world, nodes, admin } = await adminWorld({ nodeCount: 2 })
  for (const node of nodes) node.leaders.set(2, 2)
  nodes[0]!.answers.set('ListOffsets', (body: ListOffsetsRequest) => offsetsAnswer(body))
  let isFirst = true
  nodes[1]!.answers.set('ListOffsets', (body: ListOffsetsRequest) => {
    for (const node of nodes) node.leaders.set(2, 1)
    const answer = offsetsAnswer(body, isFirst ? errors.NOT_LEADER_OR_FOLLOWER.code : 0)
    isFirst = false
    return answer
  })
  const offsets = await world.settle(admin.listOffsets([at('a', 0), at('a', 1), at('a', 2), at('b', 0)]))
  expect([...offsets.keys()]).toEqual(['a-0', 'a-1', 'a-2', 'b-0'])
  expect([...offsets.values()].map(({ value }) => value?.offset)).toEqual([7, 7, 7, 7])
  const asked = (node: number) =>
    (nodes[node]!.requests('ListOffsets') as ListOffsetsRequest[]).map(({ topics }) =>
      topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`)),
    )
  expect([asked(0), asked(1)]).toEqual([[['a-0', 'a-1', 'b-0'], ['a-2']], [['a-2']]])
})

test('coordinators are looked up together, asked together, and asked again while they load', async () => {
  const { world, nodes, admin } = await adminWorld()
  const [node] = nodes
  let asked = 0
  node!.answers.set('DeleteGroups', ({ groupsNames }: DeleteGroupsRequest) => {
    asked++
    const errorCode = asked < 3 ? errors.COORDINATOR_LOAD_IN_PROGRESS.code : 0
    return { results: groupsNames.map((groupId) => ({ groupId, errorCode: groupId === 'a' ? errorCode : 0 })) }
  })
  const deleted = await world.settle(admin.deleteConsumerGroups(['a', 'b']))
  expect([...deleted]).toEqual([
    ['a', { value: null }],
    ['b', { value: null }],
  ])
  expect(node!.requests('FindCoordinator').length).toBe(1)
  const groups = (node!.requests('DeleteGroups') as DeleteGroupsRequest[]).map(({ groupsNames }) => groupsNames)
  expect(groups).toEqual([['a', 'b'], ['a'], ['a']])
})

test('a broker that knows only one group a request is asked one by one', async () => {
  const { world, nodes, admin } = await adminWorld()
  const [node] = nodes
  node!.maxVersions.set(10, 3).set(9, 7)
  node!.answers.set('OffsetFetch', ({ groupId }: OffsetFetchRequest) => ({
    topics: [{ name: groupId, partitions: [{ partitionIndex: 0, committedOffset: 5 }] }],
  }))
  const offsets = await world.settle(admin.listConsumerGroupOffsets(['a', 'b']))
  expect(offsets.get('b')?.value?.get('b-0')).toEqual({
    topic: 'b',
    partition: 0,
    offset: 5,
    leaderEpoch: null,
    metadata: '',
  })
  expect([node!.requests('FindCoordinator').length, node!.requests('OffsetFetch').length]).toEqual([2, 2])
})

test('a broker without DescribeTopicPartitions is asked by Metadata', async () => {
  const { world, nodes, admin } = await adminWorld()
  nodes[0]!.maxVersions.set(75, -1)
  const described = await world.settle(admin.describeTopics(['orders']))
  expect(described.get('orders')?.value?.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2])
  expect(described.get('orders')?.value?.partitions[0]?.elr).toBeNull()
})

test('what a broker is too old for fails at once and says so', async () => {
  const { world, nodes, admin } = await adminWorld()
  nodes[0]!.maxVersions.set(2, 6).set(43, -1)
  const offsets = await world.settle(admin.listOffsets([{ topic: 'a', partition: 0, at: 'max-timestamp' }]))
  expect(offsets.get('a-0')?.error).toMatchObject({ code: 'UNSUPPORTED_VERSION', retriable: false })
  const elected = await world.settle(admin.electLeaders('PREFERRED').catch((error: unknown) => error))
  expect(elected).toMatchObject({ code: 'UNSUPPORTED_VERSION', context: { api: 'ElectLeaders' } })
})

test('a connection that is lost with the answer is made again, and the request with it', async () => {
  const { world, nodes, admin } = await adminWorld()
  let asked = 0
  nodes[0]!.answers.set('DescribeConfigs', () => {
    asked++
    if (asked === 1) return 'close'
    return { results: [{ resourceType: 2, resourceName: 'orders', configs: [] }] }
  })
  const described = await world.settle(admin.describeConfigs([{ type: 'TOPIC', name: 'orders' }]))
  expect(described.get('TOPIC:orders')?.value?.entries).toEqual(new Map())
  expect(asked).toBe(2)
})

test('retries are bounded by the number, too', async () => {
  const { world, nodes, admin } = await adminWorld({ retries: 2 })
  nodes[0]!.answers.set('DeleteGroups', ({ groupsNames }: DeleteGroupsRequest) => ({
    results: groupsNames.map((groupId) => ({ groupId, errorCode: errors.COORDINATOR_LOAD_IN_PROGRESS.code })),
  }))
  const deleted = await world.settle(admin.deleteConsumerGroups(['a']))
  expect(deleted.get('a')?.error?.code).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  expect(nodes[0]!.requests('DeleteGroups').length).toBe(3)
})

test('a broker that does not answer costs its own items only, and no more than the time of the call', async () => {
  const { world, nodes, admin } = await adminWorld({ nodeCount: 2 })
  for (const node of nodes) node.leaders.set(1, 2)
  nodes[0]!.answers.set('ListOffsets', (body: ListOffsetsRequest) => offsetsAnswer(body))
  const startMs = world.elapsedMs
  const offsets = await world.settle(admin.listOffsets([at('a', 0), at('a', 1)], { timeoutMs: 5_000 }))
  expect(world.elapsedMs - startMs).toBe(5_000)
  expect(offsets.get('a-0')?.value?.offset).toBe(7)
  const error = offsets.get('a-1')!.error!
  expect([error.code, kafkaExceptionName(error)]).toEqual([
    'REQUEST_TIMED_OUT',
    'org.apache.kafka.common.errors.TimeoutException',
  ])
})

test('when nobody is there, the time-out speaks as the one of Kafka', async () => {
  const { world, admin } = await adminWorld({ bootstrapServers: 'nobody:9092' })
  const error = await world.settle(admin.listTopics().catch((thrown) => thrown))
  expect(error).toMatchObject({ code: 'REQUEST_TIMED_OUT' })
  expect(kafkaExceptionMessage(error)).toBe('Timed out waiting for a node assignment. Call: listTopics')
})

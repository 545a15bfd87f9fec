import { expect, test } from 'vitest'
import { consumerWorld, orders, outcome } from './support/consumer-world.ts'

test.each([true, false])('a partition is followed to its new leader (told by the old one: %s)', async (tellsLeader) => {
  const { cluster, consumer, read } = await consumerWorld({ brokerCount: 2 })
  cluster.log('orders').write(['a'])
  consumer.assign(orders)
  await read(1)
  cluster.tellsLeader = tellsLeader
  const asked = cluster.metadataRequests
  cluster.elect(2, { topic: 'orders' })
  cluster.log('orders').write(['b'])
  expect(await read(1)).toEqual(['b'])
  expect(cluster.fetches.at(-1)?.nodeId).toBe(2)
  expect(cluster.metadataRequests > asked).toBe(!tellsLeader)
})

test('a position is validated at the new leader before it is read from', async () => {
  const { cluster, consumer, read } = await consumerWorld({ brokerCount: 2 })
  cluster.log('orders').write(['a', 'b'])
  consumer.assign(orders)
  await read(2)
  const before = cluster.validations
  cluster.elect(2, { topic: 'orders' })
  cluster.log('orders').write(['c'])
  expect(await read(1)).toEqual(['c'])
  expect(cluster.validations).toBeGreaterThan(before)
})

test('records that an election lost are read anew from where the logs part', async () => {
  const { cluster, consumer, read } = await consumerWorld({ brokerCount: 2 })
  const log = cluster.log('orders')
  log.write(['a'])
  log.write(['lost'])
  consumer.assign(orders)
  await read(2)
  const resets: object[] = []
  consumer.hooks.on('positionReset', (event) => resets.push(event))
  cluster.elect(2, { topic: 'orders', endOffset: 1 })
  log.write(['kept'])
  log.write(['later'])
  expect(await read(2)).toEqual(['kept', 'later'])
  expect(resets).toEqual([{ ...orders, offset: 1, reason: 'truncated' }])
})

test('with auto.offset.reset=none lost records are an error that says where the logs part', async () => {
  const { world, cluster, consumer, read, values } = await consumerWorld({ brokerCount: 2, autoOffsetReset: 'none' })
  const log = cluster.log('orders')
  log.write(['a'])
  log.write(['lost'])
  consumer.assign(orders)
  consumer.seekToBeginning()
  await read(2)
  cluster.elect(2, { topic: 'orders', endOffset: 1 })
  log.write(['kept'])
  log.write(['later'])
  const error = await world.settle(outcome(consumer.poll({ timeoutMs: 5_000 })))
  expect(error).toMatchObject({
    name: 'LogTruncationError',
    code: 'LOG_TRUNCATED',
    position: { ...orders, offset: 2, leaderEpoch: 1 },
    divergentOffset: { ...orders, offset: 1, leaderEpoch: 1 },
  })
  consumer.seek({ ...orders, offset: 1 })
  expect(await values(5_000)).toEqual(['kept', 'later'])
})

test('a reader in a rack is sent to a follower there, and comes back when the follower fails it', async () => {
  const { cluster, consumer, read } = await consumerWorld({ brokerCount: 2, clientRack: 'here' })
  cluster.preferredReplicas.set('here', 2)
  cluster.log('orders').write(['a'])
  consumer.assign(orders)
  await read(1)
  cluster.log('orders').write(['b'])
  await read(1)
  expect(cluster.fetches.map(({ nodeId, rackId }) => ({ nodeId, rackId })).slice(0, 3)).toEqual([
    { nodeId: 1, rackId: 'here' },
    { nodeId: 2, rackId: 'here' },
    { nodeId: 2, rackId: 'here' },
  ])
  cluster.preferredReplicas.clear()
  cluster.log('orders').write(['c'])
  expect(await read(1)).toEqual(['c'])
  expect(cluster.fetches.at(-1)?.nodeId).toBe(1)
})

test('an offset that a follower does not have is asked for at the leader before it counts as out of range', async () => {
  const { cluster, consumer, read } = await consumerWorld({
    brokerCount: 2,
    clientRack: 'here',
    autoOffsetReset: 'none',
  })
  cluster.preferredReplicas.set('here', 2)
  cluster.log('orders').write(['a'])
  consumer.assign(orders)
  consumer.seekToBeginning()
  let refused = 0
  cluster.onFetch = ({ nodeId }) => {
    if (nodeId !== 2 || refused > 0) return undefined
    refused++
    cluster.preferredReplicas.clear()
    return { partitionError: 'OFFSET_OUT_OF_RANGE' }
  }
  expect(await read(1)).toEqual(['a'])
  expect(refused).toBe(1)
})

test('a broker that is gone is asked again when it is back, and nothing is lost', async () => {
  const { world, cluster, consumer, read, values } = await consumerWorld()
  cluster.log('orders').write(['a'])
  consumer.assign(orders)
  await read(1)
  world.network.configure({ refuseRate: 1, resetRate: 1 })
  cluster.log('orders').write(['b'])
  expect(await values(3_000)).toEqual([])
  world.network.configure({ refuseRate: 0, resetRate: 0 })
  expect(await read(1)).toEqual(['b'])
})

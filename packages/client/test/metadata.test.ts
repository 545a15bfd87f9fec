import { errors } from '@odradek/protocol'
import { expect, test } from 'vitest'
import { clientWorld, metadataOf, outcome } from './support/client-world.ts'

const soon = { timeoutMs: 5_000 }

test('any bootstrap server tells the whole cluster; those that do not answer are passed over', async () => {
  const { world, core } = await clientWorld({ bootstrapServers: 'nowhere:9092,broker:9092' })
  world.node('nowhere').kill()
  const topic = await world.settle(core.metadata.awaitTopic('orders', soon))
  expect(topic).toMatchObject({ topic: 'orders', partitions: [{ partition: 0, leaderId: 1 }] })
  expect(core.network.node(1)?.address).toEqual({ host: 'broker', port: 9092 })
})

test('a topic that is created while somebody waits is found', async () => {
  const { world, core, handlers } = await clientWorld()
  let asked = 0
  handlers.set(3, (request: { topics: { name: string }[] }) => {
    asked++
    if (asked > 3) return metadataOf(request)
    return {
      ...metadataOf({ topics: [] }),
      topics: [{ name: 'orders', errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION.code }],
    }
  })
  expect(await world.settle(core.metadata.awaitTopic('orders', soon))).toMatchObject({ topic: 'orders' })
  expect(asked).toBe(4)
})

test('a topic that must not be read is told at once, and one that does not appear after the time-out', async () => {
  const { world, core, handlers } = await clientWorld()
  const answer = (errorCode: number) => () => ({
    ...metadataOf({ topics: [] }),
    topics: [{ name: 'orders', errorCode }],
  })
  handlers.set(3, answer(errors.TOPIC_AUTHORIZATION_FAILED.code))
  expect(await world.settle(outcome(core.metadata.awaitTopic('orders', soon)))).toMatchObject({
    code: 'TOPIC_AUTHORIZATION_FAILED',
    context: { topic: 'orders' },
  })
  handlers.set(3, answer(errors.UNKNOWN_TOPIC_OR_PARTITION.code))
  expect(await world.settle(outcome(core.metadata.awaitTopic('orders', soon)))).toMatchObject({
    code: 'MAX_BLOCK_TIMED_OUT',
  })
})

test('metadata is refreshed after metadata.max.age.ms', async () => {
  const { world, core, asked } = await clientWorld({ metadataMaxAgeMs: 60_000 })
  await world.settle(core.metadata.awaitTopic('orders', soon))
  const before = asked.filter((api) => api === 'Metadata').length
  await world.runFor(125_000)
  expect(asked.filter((api) => api === 'Metadata').length - before).toBe(2)
})

test('a leader with an older epoch than the known one is not believed', async () => {
  const { world, core, handlers } = await clientWorld()
  await world.settle(core.metadata.awaitTopic('orders', soon))
  const endpoints = [{ nodeId: 2, host: 'second', port: 9092, rack: null }]
  const update = { topic: 'orders', partition: 0, leaderId: 2, leaderEpoch: 5, endpoints }
  expect(core.metadata.updateLeader(update)).toBe(true)
  expect(core.metadata.updateLeader({ ...update, leaderEpoch: 4 })).toBe(false)
  const brokers = [1, 2].map((nodeId) => ({ nodeId, host: 'broker', port: 9092 }))
  handlers.set(3, (request: { topics: { name: string }[] }) => ({ ...metadataOf(request), brokers }))
  core.metadata.requestUpdate()
  await world.runFor(1_000)
  expect(core.metadata.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 5 })
})

test('when no known broker answers, the bootstrap servers are asked again', async () => {
  const { world, core, hooks, handlers } = await clientWorld({ bootstrapServers: 'front:9092' }, [
    'front',
    'one',
    'two',
  ])
  handlers.set(3, (request: { topics: { name: string }[] }) => metadataOf(request, 'one'))
  await world.settle(core.metadata.awaitTopic('orders', soon))
  world.node('one').kill()
  handlers.set(3, (request: { topics: { name: string }[] }) => metadataOf(request, 'two'))
  const rebootstrapped = new Promise((resolve) => hooks.on('rebootstrapped', resolve))
  core.metadata.requestUpdate()
  await world.settle(rebootstrapped)
  await world.runFor(2_000)
  expect(core.network.node(1)?.address.host).toBe('two')
})

test('with metadata.recovery.strategy none the known brokers are kept', async () => {
  const { world, core, hooks } = await clientWorld({ metadataRecoveryStrategy: 'none' })
  await world.settle(core.metadata.awaitTopic('orders', soon))
  world.node('broker').kill()
  const events: object[] = []
  hooks.on('rebootstrapped', (event) => events.push(event))
  core.metadata.requestUpdate()
  await world.runFor(60_000)
  expect(events).toEqual([])
})

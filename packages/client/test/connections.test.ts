import { metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import { expect, test } from 'vitest'
import { backoffMs } from '../src/index.ts'
import { clientWorld, metadataOf, outcome } from './support/client-world.ts'

const metadataApi = { request: metadataRequest, response: metadataResponse }

test('requests on one connection are told apart by their correlation ids', async () => {
  const { world, core } = await clientWorld()
  const connection = await world.settle(core.network.leastLoadedNode().connect())
  const ask = (name: string) => connection.request(metadataApi, { topics: [{ name }] }, { timeoutMs: 1_000 })
  const answers = await world.settle(Promise.all(['a', 'b', 'c'].map(ask)))
  expect(answers.map(({ topics }) => topics[0]?.name)).toEqual(['a', 'b', 'c'])
})

test('a request without an answer ends the connection at its deadline, and those behind it fail, too', async () => {
  const { world, core, handlers } = await clientWorld()
  handlers.set(3, () => undefined)
  const connection = await world.settle(core.network.leastLoadedNode().connect())
  const started = world.elapsedMs
  const ask = (timeoutMs: number) => outcome(connection.request(metadataApi, { topics: [] }, { timeoutMs }))
  const [late, first] = await world.settle(Promise.all([ask(5_000), ask(1_000)]))
  expect(world.elapsedMs - started).toBe(1_000)
  expect(late).toMatchObject({ code: 'REQUEST_TIMED_OUT', retriable: true })
  expect(first).toMatchObject({ code: 'REQUEST_TIMED_OUT', context: { api: 'Metadata' } })
})

test('a connection that is lost fails what waits with a retriable error, and the next request has a new one', async () => {
  const { world, core, handlers, connections } = await clientWorld()
  handlers.set(3, (_request, connection) => void connection.destroy())
  const node = core.network.leastLoadedNode()
  const error = await world.settle(outcome(core.network.request(node, metadataApi, { topics: [] })))
  expect(error).toMatchObject({ code: 'NETWORK_EXCEPTION', retriable: true })
  handlers.set(3, (request) => metadataOf(request))
  expect(await world.settle(core.network.request(node, metadataApi, { topics: [] }))).toMatchObject({
    clusterId: 'cluster',
  })
  expect(connections.size).toBe(1)
})

test('bytes that are no answer end the connection with a clear error', async () => {
  const { world, core, handlers } = await clientWorld()
  handlers.set(
    3,
    (_request, connection) => void connection.write([new TextEncoder().encode('HTTP/1.1 400 Bad Request')]),
  )
  const error = await world.settle(
    outcome(core.network.request(core.network.leastLoadedNode(), metadataApi, { topics: [] })),
  )
  expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION', retriable: false })
  expect((error as Error).message).toContain('HTTP')
})

test('a connection that is not used for connections.max.idle.ms is closed', async () => {
  const { world, core, connections } = await clientWorld({ connectionsMaxIdleMs: 10_000 })
  await world.settle(core.network.leastLoadedNode().connect())
  await world.runFor(9_000)
  expect(connections.size).toBe(1)
  await world.runFor(2_000)
  expect(connections.size).toBe(0)
})

test('attempts to connect are apart by reconnect.backoff.ms, which doubles up to its bound', async () => {
  const { world, core, hooks } = await clientWorld({ reconnectBackoffMs: 100, reconnectBackoffMaxMs: 400 })
  world.node('broker').kill()
  const waits: number[] = []
  hooks.on('connectionFailed', ({ retryInMs }) => waits.push(retryInMs))
  const node = core.network.leastLoadedNode()
  for (let attempt = 0; attempt < 4; attempt++) {
    expect(await world.settle(outcome(node.connect()))).toMatchObject({ code: 'CONNECTION_FAILED', retriable: true })
  }
  for (const [index, expected] of [100, 200, 400, 400].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(expected * 0.8)
    expect(waits[index]).toBeLessThanOrEqual(400)
  }
})

test('connecting takes no longer than socket.connection.setup.timeout.ms, which doubles up to its bound', async () => {
  const timeouts = { socketConnectionSetupTimeoutMs: 1_000, socketConnectionSetupTimeoutMaxMs: 3_000 }
  const { world, core } = await clientWorld({ ...timeouts, reconnectBackoffMs: 0, reconnectBackoffMaxMs: 0 })
  world.network.partition(['client'], ['broker'])
  const node = core.network.leastLoadedNode()
  for (const expectedMs of [1_000, 2_000, 3_000, 3_000]) {
    const startMs = world.elapsedMs
    const error = await world.settle(outcome(node.connect()))
    expect(error).toMatchObject({ code: 'CONNECTION_FAILED', retriable: true, context: { broker: 'broker:9092' } })
    expect(world.elapsedMs - startMs).toBeGreaterThanOrEqual(expectedMs * 0.8)
    expect(world.elapsedMs - startMs).toBeLessThanOrEqual(Math.min(expectedMs * 1.2, 3_000) + 10)
  }
})

test('back-off never goes below its first step by more than a fifth, nor above its bound', () => {
  const high = { nextFloat: () => 0.999, nextInt: () => 0, nextBytes: () => new Uint8Array() }
  const low = { ...high, nextFloat: () => 0 }
  const of = (failures: number, random: typeof high) => backoffMs(failures, { initialMs: 100, maxMs: 1_000, random })
  expect([0, 1, 2, 3, 4, 100].map((failures) => of(failures, low))).toEqual([80, 160, 320, 640, 800, 800])
  expect([3, 4, 100].map((failures) => Math.round(of(failures, high)))).toEqual([960, 1_000, 1_000])
})

test('closing fails what waits, and leaves no timer and no connection behind', async () => {
  const { world, core, handlers, connections } = await clientWorld()
  handlers.set(3, () => undefined)
  const node = core.network.leastLoadedNode()
  const waiting = outcome(core.network.request(node, metadataApi, { topics: [] }))
  await world.runFor(100)
  core.close()
  expect(await world.settle(waiting)).toMatchObject({ code: 'NETWORK_EXCEPTION' })
  await world.runUntilIdle()
  expect(connections.size).toBe(0)
})

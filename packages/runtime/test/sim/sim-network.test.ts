import { describe, expect, test } from 'vitest'
import { TransportError } from '../../src/index.ts'
import { type SimNode, SimWorld } from '../../src/sim/index.ts'
import { Peer } from '../../src/testing/transport-peer.ts'

describe('the simulated network', () => {
  test('delivers what was sent during a partition, in order, once it has healed', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { world, client, server } = await connected(seed)
      client.write([bytes('before ')])
      world.network.partition(['a'], ['b'])
      for (let index = 0; index < 10; index++) client.write([bytes(`${index} `)])
      await world.runFor(10_000)
      expect(server.text).not.toContain('0')
      world.network.heal()
      client.write([bytes('after')])
      await world.runFor(1000)
      expect(server.text).toBe('before 0 1 2 3 4 5 6 7 8 9 after')
    }
  })

  test('blocks one direction alone when asked', async () => {
    const { world, client, server } = await connected(1)
    world.network.block('a', 'b')
    client.write([bytes('held')])
    server.write([bytes('free')])
    await world.runFor(1000)
    expect([server.text, client.text]).toEqual(['', 'free'])
    world.network.unblock('a', 'b')
    await world.runFor(1000)
    expect(server.text).toBe('held')
  })

  test('lets a connect wait for the partition to heal, or time out', async () => {
    const { world, a, port } = await connected(1)
    world.network.partition(['a'], ['b'])
    const { transport } = a
    const late = transport.connect({ host: 'b', port, timeoutMs: 500 })
    await expect(world.settle(late)).rejects.toMatchObject({ code: 'timed-out' })
    const patient = transport.connect({ host: 'b', port, timeoutMs: 60_000 })
    await world.runFor(20_000)
    world.network.heal()
    expect((await world.settle(patient)).remote).toEqual({ host: 'b', port })
  })

  test('tells the peers of a killed process, and refuses until it is started again', async () => {
    const { world, client, a, port, b } = await connected(1)
    b.kill()
    expect(await world.settle(client.closed)).toMatchObject({ code: 'reset' })
    await expect(world.settle(a.transport.connect({ host: 'b', port }))).rejects.toMatchObject({ code: 'refused' })
  })

  test('tells nobody of a machine that lost its power, until it is back and something is sent', async () => {
    const { world, client, a, port, b } = await connected(1)
    b.crash()
    client.write([bytes('anybody?')])
    await world.runFor(60_000)
    expect(client.closes).toBe(0)
    const connecting = a.transport.connect({ host: 'b', port, timeoutMs: 3000 })
    await expect(world.settle(connecting)).rejects.toMatchObject({ code: 'timed-out' })
    b.start()
    expect(await world.settle(client.closed)).toBeInstanceOf(TransportError)
  })

  test('gives up a connection after a quarter of an hour without an answer', async () => {
    const { world, client, b } = await connected(1)
    b.crash()
    client.write([bytes('anybody?')])
    expect(await world.settle(client.closed, { withinMs: 3_600_000 })).toMatchObject({ code: 'timed-out' })
    expect(world.elapsedMs).toBeGreaterThan(900_000)
  })

  test('runs nothing of a dead process any more', async () => {
    const { world, client, server, b } = await connected(1)
    const events: string[] = []
    const process = world.node('c').start()
    process.clock.setTimer('t', 5, () => events.push('timer'))
    process.clock.afterTurn(() => events.push('after turn'))
    server.onData = () => events.push('data')
    client.write([bytes('x')])
    world.node('c').kill()
    b.kill()
    await world.runFor(1000)
    expect([events, server.closes]).toEqual([[], 0])
  })

  test('resets connections at random bytes; some resets are told to one side alone, which learns of it when it writes', async () => {
    let halfOpen = 0
    for (let seed = 1; seed <= 40; seed++) {
      const { world, client, server } = await connected(seed)
      world.network.configure({ resetRate: 1, halfOpenRate: 0.5 })
      client.write([new Uint8Array(1000)])
      await world.runFor(1000)
      expect(server.bytes).toBeLessThan(1000)
      expect(client.closes + server.closes).toBeGreaterThan(0)
      if (client.closes + server.closes === 1) {
        halfOpen++
        const survivor = client.closes === 0 ? client : server
        survivor.write([bytes('hello?')])
        expect(await world.settle(survivor.closed)).toMatchObject({ code: 'reset' })
      }
    }
    expect(halfOpen).toBeGreaterThan(5)
  })

  test('loses connections without a word', async () => {
    const { world, client, server } = await connected(1)
    expect(world.network.lose('a', 'b')).toBe(1)
    client.write([bytes('x')])
    server.write([bytes('y')])
    await world.runFor(600_000)
    expect([client.bytes, server.bytes, client.closes, server.closes]).toEqual([0, 0, 0, 0])
  })

  test('resets the connections between two nodes on request, and no others', async () => {
    const { world, client, server, a, port } = await connected(1)
    const c = world.node('c').start()
    const other = new Peer(await world.settle(c.transport.connect({ host: 'b', port })))
    other.start()
    expect(world.network.reset('a', 'b')).toBe(1)
    await world.runFor(100)
    expect([client.closes, server.closes, other.closes]).toEqual([1, 1, 0])
    expect(a.transport).toBeDefined()
  })

  test('cuts chunks at random points and changes the order between connections, never within one', async () => {
    const { world, a, port, accepted } = await connected(7)
    world.network.configure({ latencyMs: [1, 50], splitRate: 0.9 })
    const arrivals: string[] = []
    const peers: Peer[] = []
    for (let index = 0; index < 10; index++) {
      peers.push(new Peer(await world.settle(a.transport.connect({ host: 'b', port }))))
    }
    for (const [index, server] of accepted.slice(1).entries()) server.onData = () => arrivals.push(`${index}`)
    for (const peer of peers) peer.write([bytes('abcdefghij')])
    await world.runFor(1000)
    expect(accepted.slice(1).map((server) => server.text)).toEqual(peers.map(() => 'abcdefghij'))
    expect(arrivals.length).toBeGreaterThan(20)
    expect(arrivals).not.toEqual(arrivals.toSorted())
  })

  test('refuses connections at the rate that was asked for', async () => {
    const { world, a, port } = await connected(1)
    world.network.configureLink('a', 'b', { refuseRate: 0.5 })
    const outcomes = new Set<string>()
    for (let index = 0; index < 30; index++) {
      const outcome = await world.settle(
        a.transport.connect({ host: 'b', port }).then(
          () => 'connected',
          (error: TransportError) => error.code,
        ),
      )
      outcomes.add(outcome)
    }
    expect([...outcomes].sort()).toEqual(['connected', 'refused'])
  })

  test('knows the nodes of the world by name and no others', async () => {
    const { world, a } = await connected(1)
    const connecting = a.transport.connect({ host: 'nobody', port: 1 })
    await expect(world.settle(connecting)).rejects.toMatchObject({ code: 'not-resolved' })
  })
})

interface Connected {
  readonly world: SimWorld
  readonly a: ReturnType<SimNode['start']>
  readonly b: SimNode
  readonly port: number
  readonly client: Peer
  readonly server: Peer
  readonly accepted: readonly Peer[]
}

/** Nodes `a` and `b` with a connection from the first to the second. */
async function connected(seed: number): Promise<Connected> {
  const world = new SimWorld({ seed })
  const a = world.node('a').start()
  const b = world.node('b')
  const accepted: Peer[] = []
  const listening = b.start().transport.listen({ host: '0.0.0.0', port: 9092 }, (connection) => {
    const peer = new Peer(connection)
    peer.start()
    accepted.push(peer)
  })
  const { address } = await world.settle(listening)
  const client = new Peer(await world.settle(a.transport.connect(address)))
  client.start()
  return { world, a, b, port: address.port, client, server: accepted[0]!, accepted }
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

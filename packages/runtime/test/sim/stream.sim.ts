import { expect, test } from 'vitest'
import { runSeeds, SimWorld } from '../../src/sim/index.ts'
import { Peer } from '../../src/testing/transport-peer.ts'

const command = 'npx vitest run packages/runtime/test/sim/stream.sim.ts'

test('whatever the network does, what arrives is a beginning of what was sent; all of it when the stream ended in order', async () => {
  const endings = new Set<string>()
  await runSeeds({ command, seeds: 100 }, async (seed) => {
    const world = new SimWorld({ seed })
    world.network.configure({
      latencyMs: [0, 20],
      splitRate: 0.3,
      resetRate: seed % 3 === 0 ? 0.01 : 0,
      halfOpenRate: 0.3,
    })
    const accepted: Peer[] = []
    const near = world.node('a').start().transport
    const far = world.node('b').start().transport
    const listening = far.listen({ host: 'b', port: 1 }, (connection) => accepted.push(new Peer(connection)))
    const { address } = await world.settle(listening)
    const peers = [new Peer(await world.settle(near.connect(address))), accepted[0]!] as const
    for (const peer of peers) peer.start()
    const sent = await disturb(world, peers)
    world.network.heal()
    for (const peer of peers) peer.connection.resume()
    peers[0].connection.end()
    await world.runFor(60_000)
    // An end that was left half open learns of it when it writes.
    for (const peer of peers) if (peer.closes === 0) peer.write([new Uint8Array(1)])
    await world.runFor(1000)
    for (const [index, peer] of peers.entries()) {
      const expected = Buffer.concat(sent[1 - index]!)
      expect(Buffer.compare(peer.content, expected.subarray(0, peer.bytes))).toBe(0)
      expect(peer.closes).toBe(1)
    }
    const reasons = await Promise.all(peers.map((peer) => peer.closed))
    if (reasons.every((reason) => reason === undefined)) {
      expect(peers.map((peer) => peer.bytes)).toEqual([1, 0].map((index) => Buffer.concat(sent[index]!).length))
    }
    endings.add(reasons.some((reason) => reason !== undefined) ? 'reset' : 'in order')
  })
  expect(endings.has('in order')).toBe(true)
})

/** Both ends write, pause and resume, and the way between them is blocked and freed, at random. Returns what each end has sent. */
async function disturb(world: SimWorld, peers: readonly [Peer, Peer]): Promise<Uint8Array[][]> {
  const { random, network } = world
  const sent: Uint8Array[][] = [[], []]
  for (let round = 0; round < 60; round++) {
    const index = random.nextInt(2)
    const peer = peers[index]!
    switch (random.nextInt(6)) {
      case 0:
        peer.connection.pause()
        break
      case 1:
        peer.connection.resume()
        break
      case 2:
        if (random.chance(0.3)) network.partition(['a'], ['b'])
        else if (random.chance(0.5)) network.block('a', 'b')
        else network.heal()
        break
      default: {
        const chunks = Array.from({ length: random.nextInt(4) }, () => random.nextBytes(random.nextInt(40_000)))
        peer.write(chunks)
        sent[index]!.push(...chunks)
      }
    }
    await world.runFor(random.between(0, 15))
  }
  return sent
}

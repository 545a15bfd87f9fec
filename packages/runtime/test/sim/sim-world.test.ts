import { describe, expect, test } from 'vitest'
import { SimWorld } from '../../src/sim/index.ts'

describe('a simulated world', () => {
  test('repeats a busy run exactly from its seed, and runs otherwise with another', async () => {
    const hashes = new Map<number, string>()
    for (let seed = 1; seed <= 10; seed++) {
      const [first, second] = [await busyRun(seed), await busyRun(seed)]
      expect(second).toEqual(first)
      hashes.set(seed, first.traceHash)
    }
    expect(new Set(hashes.values()).size).toBe(10)
  })

  test('has the trace that is written down here, on every host, until the simulator itself changes', async () => {
    expect(await busyRun(2026)).toEqual({ traceHash: '5bc82ac1e6e6b118', events: 3621, received: 373_769 })
  })

  test('lets promise reactions run to their end between two events, however long their chain', async () => {
    const world = new SimWorld({ seed: 1 })
    const { clock } = world.node('a').start()
    const order: string[] = []
    clock.setTimer('first', 1, async () => {
      for (let round = 0; round < 10_000; round++) await Promise.resolve()
      order.push(`first at ${clock.monotonicMs()}`)
    })
    clock.setTimer('second', 1, () => order.push(`second at ${clock.monotonicMs()}`))
    await world.runUntilIdle()
    expect(order).toEqual(['first at 1', 'second at 1'])
  })

  test('lets days pass in no time', async () => {
    const world = new SimWorld({ seed: 1 })
    const { clock } = world.node('a').start()
    const start = clock.now()
    let fired = 0
    clock.setTimer('t', 7 * 86_400_000, () => fired++)
    await world.runFor(7 * 86_400_000)
    expect([clock.now() - start, fired]).toEqual([7 * 86_400_000, 1])
  })

  test('gives each node a wall clock of its own, ahead or behind, that may jump', async () => {
    const world = new SimWorld({ seed: 1, startMs: 1_000_000 })
    const node = world.node('a', { skewMs: -300 })
    const { clock } = node.start()
    const other = world.node('b').start().clock
    const readings = [clock.now(), other.now()]
    node.skew(5000)
    await world.runFor(10)
    readings.push(clock.now(), other.now(), clock.monotonicMs(), other.monotonicMs())
    expect(readings).toEqual([999_700, 1_000_000, 1_005_010, 1_000_010, 10, 10])
  })

  test('says so, with its seed, when nothing is left that could fulfil a wait', async () => {
    const world = new SimWorld({ seed: 42 })
    const never = new Promise<void>(() => undefined)
    await expect(world.settle(never)).rejects.toThrow(
      'seed 42: waited for something that did not come: nothing is left that could happen, at 0 ms',
    )
  })

  test('gives up a wait after the time it was given', async () => {
    const world = new SimWorld({ seed: 42 })
    const { clock } = world.node('a').start()
    const again = () => clock.setTimer('t', 100, again)
    again()
    await expect(world.runUntil(() => false, { withinMs: 1000 })).rejects.toThrow('1000 ms have passed')
  })

  test('stops a world that goes round in circles', async () => {
    const world = new SimWorld({ seed: 42, maxEvents: 1000 })
    const { clock } = world.node('a').start()
    const again = () => clock.afterTurn(again)
    again()
    await expect(world.runFor(1)).rejects.toThrow('seed 42: still busy after 1000 events, the last one is a after turn')
  })

  test('a node that restarts finds its disk and has new ports', async () => {
    const world = new SimWorld({ seed: 1 })
    const node = world.node('a')
    const first = node.start()
    first.storage.open('f').append([Uint8Array.of(1, 2, 3)])
    node.kill()
    expect(() => first.storage.open('f')).toThrow('closed')
    const second = node.start()
    expect(second.storage.readFile('f')).toEqual(Uint8Array.of(1, 2, 3))
    expect(() => node.start()).toThrow('runs already')
  })

  test('slow reads and syncs take the time that was asked for', async () => {
    const world = new SimWorld({ seed: 1 })
    const { storage } = world.node('a', { disk: { readDelayMs: [10, 20], syncDelayMs: [100, 200] } }).start()
    const file = storage.open('f')
    file.append([Uint8Array.of(1)])
    await world.settle(file.read(0, 1))
    const afterRead = world.elapsedMs
    await world.settle(file.sync())
    expect(afterRead).toSatisfy((ms: number) => ms >= 10 && ms < 20)
    expect(world.elapsedMs - afterRead).toSatisfy((ms: number) => ms >= 100 && ms < 200)
  })
})

/** Three nodes that send each other numbers, write them down, crash, and are cut off, for ten virtual seconds. */
async function busyRun(seed: number) {
  const world = new SimWorld({ seed })
  world.network.configure({ resetRate: 0.01, halfOpenRate: 0.2, refuseRate: 0.05 })
  const names = ['a', 'b', 'c']
  let received = 0
  const run = (name: string) => {
    const { clock, random, storage, transport } = world.node(name, { disk: { syncDelayMs: [1, 30] } }).start()
    const file = storage.open('log')
    void transport.listen({ host: name, port: 9092 }, (connection) => {
      connection.start({
        data: (chunk) => {
          received += chunk.length
          file.append([chunk])
          if (random.nextInt(10) === 0) void file.sync()
        },
        close() {},
      })
    })
    const dial = async () => {
      const host = names[random.nextInt(3)]!
      try {
        const connection = await transport.connect({ host, port: 9092, timeoutMs: 300 })
        const send = () => {
          connection.write([random.nextBytes(1 + random.nextInt(500))])
          clock.setTimer('send', random.nextInt(40), send)
        }
        connection.start({ data() {}, close: () => clock.setTimer('dial', 20, dial) })
        send()
      } catch {
        clock.setTimer('dial', 50, dial)
      }
    }
    clock.setTimer('dial', 0, dial)
  }
  for (const name of names) run(name)
  for (let round = 0; round < 20; round++) {
    await world.runFor(500)
    const name = world.random.pick(names)
    if (world.random.chance(0.3)) {
      if (world.random.chance(0.5)) world.node(name).crash()
      else world.node(name).kill()
      run(name)
    } else if (world.random.chance(0.5))
      world.network.partition(
        [name],
        names.filter((other) => other !== name),
      )
    else world.network.heal()
  }
  return { traceHash: world.traceHash, events: world.eventCount, received }
}

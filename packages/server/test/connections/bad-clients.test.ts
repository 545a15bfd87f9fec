import { describe, expect, it } from 'vitest'
import { startBroker } from '../../src/index.ts'
import { IdleClients } from './idle-clients.ts'
import { memoryInUse } from './memory-in-use.ts'
import { fetchFrom, makeTopic, ping, produceTo, RawSocket } from './raw-socket.ts'

const size = (bytes: number) => {
  const prefix = Buffer.alloc(4)
  prefix.writeInt32BE(bytes)
  return prefix
}

describe('a client that sends what is no request', () => {
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['text of another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['random bytes', Buffer.from('8f1c02aa55e3d1907b44c0ffee', 'hex')],
    ['a negative size', size(-1)],
    ['a size beyond socket.request.max.bytes', size(2_000_000)],
    ['an empty frame', size(0)],
    ['an API nobody has', Buffer.concat([size(10), Buffer.from('7fff0000000000010000', 'hex')])],
    ['a version nobody has', Buffer.concat([size(10), Buffer.from('00010063000000010000', 'hex')])],
    ['a request cut short', Buffer.concat([size(12), Buffer.from('0003000000000001ffff0000', 'hex').subarray(0, 12)])],
  ]

  it.each(cases)('loses its connection over %s, and no other client notices', async (_, bytes) => {
    await using broker = await startBroker({ config: { 'socket.request.max.bytes': 1_000_000 } })
    const reasons: (string | undefined)[] = []
    broker.hooks.on('connectionClosed', ({ reason }) => reasons.push(reason))
    await using good = (await RawSocket.connect(broker)).read()
    await using bad = await RawSocket.connect(broker)
    good.send(ping(1))
    bad.send(bytes)
    await bad.closed()
    good.send(ping(2))
    expect(await good.answers(2)).toEqual([1, 2])
    expect(reasons).toHaveLength(1)
    expect(reasons[0]).toMatch(/\w+/)
  })

  it('loses its connection when a produce without acknowledgement fails, the only way to be told', async () => {
    await using broker = await startBroker({ config: { 'auto.create.topics.enable': false } })
    await using client = await RawSocket.connect(broker)
    client.send(produceTo('nowhere', 10, { acks: 0, correlationId: 1 }))
    await client.closed()
    expect(client.frames).toEqual([])
  })
})

describe('a client that says nothing', () => {
  it('is let go after connections.max.idle.ms, half a frame or none', async () => {
    await using broker = await startBroker({ config: { 'connections.max.idle.ms': 300 } })
    await using silent = await RawSocket.connect(broker)
    await using half = await RawSocket.connect(broker)
    half.send(ping(1).subarray(0, 9))
    await Promise.all([silent.closed(), half.closed()])
    expect(half.frames).toEqual([])
  })

  it('costs little, however many there are: ten thousand wait while another is served', async () => {
    await using broker = await startBroker()
    const before = memoryInUse()
    const half = { count: 5000 }
    await using idle = await IdleClients.connect(broker, half)
    await using alsoIdle = await IdleClients.connect(broker, half)
    await using busy = (await RawSocket.connect(broker)).read()
    busy.send(makeTopic('busy', 1), produceTo('busy', 1000, { acks: -1, correlationId: 2 }), fetchFrom('busy', 3))
    expect(await busy.answers(3)).toEqual([1, 2, 3])
    expect((memoryInUse() - before) / 10_000).toBeLessThan(10_000)
    // All of them are still there, and are served when they speak.
    await Promise.all([idle.speak(), alsoIdle.speak()])
    expect((memoryInUse() - before) / 10_000).toBeLessThan(10_000)
  })

  it.each(['max.connections', 'max.connections.per.ip'])('is not let in beyond %s', async (limit) => {
    await using broker = await startBroker({ config: { [limit]: 2, 'socket.listen.backlog.size': 1 } })
    await using first = (await RawSocket.connect(broker)).read()
    await using second = (await RawSocket.connect(broker)).read()
    first.send(ping(1))
    second.send(ping(2))
    expect([await first.answers(1), await second.answers(1)]).toEqual([[1], [2]])
    await using third = await RawSocket.connect(broker)
    await third.closed()
    first.send(ping(3))
    expect(await first.answers(2)).toEqual([1, 3])
  })
})

describe('a client that sends faster than it reads', () => {
  it('gets its answers in the order of its requests', async () => {
    await using broker = await startBroker()
    await using client = (await RawSocket.connect(broker)).read()
    const ids = Array.from({ length: 500 }, (_, index) => index)
    const requests = ids.map((id) => (id % 50 === 0 ? makeTopic(`topic-${id}`, id) : ping(id)))
    client.send(Buffer.concat(requests))
    expect(await client.answers(ids.length)).toEqual(ids)
  })

  it('is held back by what it does not read, and the broker holds little for it', async () => {
    await using broker = await startBroker()
    await using writer = (await RawSocket.connect(broker)).read()
    writer.send(makeTopic('large', 0))
    for (let id = 1; id <= 8; id++) writer.send(produceTo('large', 900_000, { acks: 1, correlationId: id }))
    await writer.answers(9)
    let fetches = 0
    broker.hooks.on('requestHandled', ({ apiKey }) => {
      if (apiKey === 1) fetches++
    })
    await using slow = await RawSocket.connect(broker)
    // 60 answers of 7 MB each are 420 MB: they must not pile up for somebody who does not read.
    slow.send(Buffer.concat(Array.from({ length: 60 }, (_, id) => fetchFrom('large', id))))
    await using other = (await RawSocket.connect(broker)).read()
    for (let round = 0; round < 20; round++) {
      other.send(ping(round))
      await other.answers(round + 1)
    }
    expect(fetches).toBeLessThan(5)
    slow.read()
    expect(await slow.answers(60)).toEqual(Array.from({ length: 60 }, (_, id) => id))
  })
})

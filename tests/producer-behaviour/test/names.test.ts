import type { LookupFunction } from 'node:net'
import { Producer } from '@odradek/producer'
import { NodeTransport } from '@odradek/runtime/node'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'

/** Nobody listens at the first two: loopback addresses of this machine that the broker did not bind. */
const addresses = [
  { address: '127.0.0.3', family: 4 },
  { address: '127.0.0.2', family: 4 },
  { address: '127.0.0.1', family: 4 },
]

test('every address of a name is tried until one answers (client.dns.lookup=use_all_dns_ips)', async () => {
  await using broker = await startBroker()
  const asked: string[] = []
  const lookup: LookupFunction = (name, options, answer) => {
    asked.push(name)
    if (options.all === true) answer(null, addresses)
    else answer(null, addresses[0]!.address, 4)
  }
  await using producer = new Producer({
    bootstrapServers: `kafka.test:${broker.port}`,
    transport: new NodeTransport({ lookup }),
  })
  expect(await producer.send({ topic: 'orders', value: 'a' })).toMatchObject({ offset: 0 })
  expect(asked).toEqual(['kafka.test'])
})

test('a name that cannot be resolved, or whose addresses are all silent, fails the send with the reason', async () => {
  await using broker = await startBroker()
  const unknown: LookupFunction = (name, _options, answer) =>
    answer(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), [])
  const dead: LookupFunction = (_name, _options, answer) => answer(null, addresses.slice(0, 2))
  for (const [lookup, why] of [
    [unknown, 'ENOTFOUND kafka.test'],
    [dead, 'ECONNREFUSED 127.0.0.2'],
  ] as const) {
    await using producer = new Producer({
      bootstrapServers: `kafka.test:${broker.port}`,
      transport: new NodeTransport({ lookup }),
      maxBlockMs: 300,
    })
    const error = await producer.send({ topic: 'orders', value: 'a' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'MAX_BLOCK_TIMED_OUT', cause: { code: 'CONNECTION_FAILED' } })
    expect((error as { cause: Error }).cause.message).toContain(why)
  }
})

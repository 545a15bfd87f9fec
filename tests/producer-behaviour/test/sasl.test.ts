import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { Producer, type ProducerOptions } from '@odradek/producer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { maxReauthMs, saslUser, startSaslTarget } from '../src/secure-targets.ts'
import { targetMissing, targetNames } from '../src/targets.ts'

const scram = {
  'SCRAM-SHA-256': { id: 1, hash: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { id: 2, hash: 'sha512', bytes: 64 },
} as const
const iterations = 4096

/** A token that Kafka's validator for tests takes: it is not signed. */
function unsecuredToken(subject: string, lifetimeSeconds: number): string {
  const now = Math.floor(Date.now() / 1000)
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + lifetimeSeconds })}.`
}

function jaas(password: string): string {
  return `org.apache.kafka.AnyLoginModule required username="${saslUser.username}" password="${password}";`
}

describe.runIf(targetNames().includes('apache'))('against apache', () => {
  const why = targetMissing('apache')
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Awaited<ReturnType<typeof startSaslTarget>>
  beforeAll(async () => {
    target = await startSaslTarget()
    using cluster = new Cluster(target.plaintext)
    const salt = randomBytes(16)
    for (const { id: mechanism, hash, bytes } of Object.values(scram)) {
      const saltedPassword = pbkdf2Sync(saslUser.password, salt, iterations, bytes, hash)
      await cluster.makeScramUser(saslUser.username, { mechanism, iterations, salt, saltedPassword })
    }
  }, 60_000)
  afterAll(async () => {
    await target?.[Symbol.asyncDispose]()
  })
  const make = (options: Partial<ProducerOptions>) =>
    new Producer({
      bootstrapServers: target.bootstrap,
      securityProtocol: 'SASL_PLAINTEXT',
      maxBlockMs: 10_000,
      ...options,
    })

  const mechanisms: readonly { readonly mechanism: string; readonly right: object; readonly wrong: object }[] = [
    ...['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => ({
      mechanism,
      right: { saslJaasConfig: jaas(saslUser.password) },
      wrong: { saslJaasConfig: jaas('wrong') },
    })),
    {
      mechanism: 'OAUTHBEARER',
      right: { saslLoginCallbackHandlerClass: () => unsecuredToken('alice', 3_600) },
      wrong: { saslLoginCallbackHandlerClass: () => unsecuredToken('alice', -3_600) },
    },
  ]

  test.each(mechanisms)('$mechanism lets a producer write', async ({ mechanism, right }) => {
    await using producer = make({ saslMechanism: mechanism, ...right })
    expect(await producer.send({ topic: 'secret', value: mechanism })).toMatchObject({ topic: 'secret', partition: 0 })
  })

  test.each(mechanisms)('$mechanism with wrong credentials fails the send at once', async ({ mechanism, wrong }) => {
    await using producer = make({ saslMechanism: mechanism, ...wrong })
    const startMs = performance.now()
    const error = await producer.send({ topic: 'secret', value: 'a' }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', retriable: false })
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })

  test.each(mechanisms)(
    '$mechanism: before connections.max.reauth.ms is over the session is renewed, and no send fails',
    async ({ mechanism, right }) => {
      await using producer = make({ saslMechanism: mechanism, lingerMs: 0, ...right })
      const lifetimes: number[] = []
      const closed: (string | undefined)[] = []
      producer.hooks.on('reauthenticated', ({ sessionLifetimeMs }) => lifetimes.push(sessionLifetimeMs))
      producer.hooks.on('connectionClosed', ({ reason }) => closed.push(reason))
      const endMs = performance.now() + maxReauthMs * 2.2
      while (performance.now() < endMs) await producer.send({ topic: 'secret', value: 'a' })
      expect(lifetimes.length).toBeGreaterThanOrEqual(2)
      expect(lifetimes.every((ms) => ms > 0 && ms <= maxReauthMs)).toBe(true)
      expect(closed.filter((reason) => reason !== undefined)).toEqual([])
    },
  )

  test('a mechanism that the broker does not have is named with those that it has', async () => {
    const pigeon = { name: 'PIGEON', start: () => ({ respond: () => new Uint8Array() }) }
    await using producer = make({ saslMechanism: 'PIGEON', saslClientCallbackHandlerClass: pigeon })
    const error = await producer.send({ topic: 'secret', value: 'a' }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'UNSUPPORTED_SASL_MECHANISM', retriable: false })
    expect((error as Error).message).toContain('SCRAM-SHA-512')
  })
})

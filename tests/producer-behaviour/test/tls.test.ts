import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@odradek/apache-kafka'
import { Producer, type ProducerOptions } from '@odradek/producer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificates, pemProperty } from '../src/certificates.ts'
import { startTlsTarget } from '../src/secure-targets.ts'
import { targetMissing, targetNames } from '../src/targets.ts'

const { ca, client, server } = certificates

describe.each(targetNames())('against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Awaited<ReturnType<typeof startTlsTarget>>
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'odradek-tls-'))
    target = await startTlsTarget(name)
  }, 60_000)
  afterAll(async () => {
    await target?.[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })
  const send = async (options: Partial<ProducerOptions>) => {
    await using producer = new Producer({ bootstrapServers: target.bootstrap, maxBlockMs: 5_000, ...options })
    return await producer.send({ topic: 'secret', value: 'a' })
  }
  const trusting = { securityProtocol: 'SSL', sslTruststoreCertificates: ca } as const
  const known = { ...trusting, sslKeystoreKey: client.key, sslKeystoreCertificateChain: client.certificate }

  test('a producer that trusts the authority and shows its own certificate writes over TLS', async () => {
    expect(await send(known)).toMatchObject({ topic: 'secret', partition: 0 })
  })

  test('key store and trust store may be PEM files', async () => {
    await writeFile(join(dir, 'ca.pem'), ca)
    await writeFile(join(dir, 'client.pem'), `${client.key}${client.certificate}`)
    const files = { sslTruststoreLocation: join(dir, 'ca.pem'), sslKeystoreLocation: join(dir, 'client.pem') }
    expect(await send({ securityProtocol: 'SSL', ...files })).toMatchObject({ topic: 'secret' })
  })

  test('a broker whose authority is not trusted is not written to, and the reason is told', async () => {
    const error = await send({ ...known, sslTruststoreCertificates: server.certificate }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'MAX_BLOCK_TIMED_OUT', cause: { code: 'CONNECTION_FAILED' } })
    expect((error as { cause: Error }).cause.message).toMatch(/certificate|issuer/)
  })

  test('a producer without a certificate is refused where the broker wants one', async () => {
    expect(await send(trusting).catch((e: unknown) => e)).toMatchObject({ code: 'MAX_BLOCK_TIMED_OUT' })
  })

  test('plain text to a TLS listener is no connection', async () => {
    expect(await send({}).catch((e: unknown) => e)).toMatchObject({ code: expect.stringMatching(/TIMED_OUT|PROTOCOL/) })
  })
})

test('a certificate for another name is refused, unless the check is switched off', async () => {
  const [port] = await freePorts(1)
  await using target = await startTlsTarget('odradek', { port: port!, host: '127.0.0.2' })
  const options = {
    bootstrapServers: target.bootstrap,
    securityProtocol: 'SSL',
    sslTruststoreCertificates: ca,
    sslKeystoreKey: client.key,
    sslKeystoreCertificateChain: client.certificate,
    maxBlockMs: 3_000,
  } as const
  await using strict = new Producer(options)
  const error = await strict.send({ topic: 'secret', value: 'a' }).catch((e: unknown) => e)
  expect((error as { cause: Error }).cause.message).toContain("does not match certificate's altnames")
  await using lax = new Producer({ ...options, sslEndpointIdentificationAlgorithm: '' })
  expect(await lax.send({ topic: 'secret', value: 'a' })).toMatchObject({ offset: 0 })
})

test('PEM text survives a properties file', () => {
  expect(pemProperty('a\nb\n')).toBe('a\\nb\\n')
})

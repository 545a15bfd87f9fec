import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { errors } from '@odradek/protocol'
import { expect, test } from 'vitest'
import { type ClientWorld, clientWorld, outcome } from './support/client-world.ts'

const utf8 = new TextEncoder()
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const jaas = 'org.apache.kafka.common.security.Any required username="alice" password="p\\"w,d=";'
const password = 'p"w,d='

/** Lets the broker take one mechanism; `answer` is given the client's messages one by one. */
function offer(
  { handlers, sessionLifetimeMs = 0 }: ClientWorld & { readonly sessionLifetimeMs?: number },
  mechanism: string,
  answer: (message: string, step: number) => string | { error: string },
): string[] {
  const messages: string[] = []
  let step = 0
  handlers.set(17, ({ mechanism: asked }: { mechanism: string }) => {
    step = 0
    const errorCode = asked === mechanism ? 0 : errors.UNSUPPORTED_SASL_MECHANISM.code
    return { errorCode, mechanisms: [mechanism] }
  })
  handlers.set(36, ({ authBytes }: { authBytes: Uint8Array }) => {
    messages.push(text(authBytes))
    const said = answer(text(authBytes), step++)
    if (typeof said === 'string') return { authBytes: utf8.encode(said), sessionLifetimeMs }
    return { errorCode: errors.SASL_AUTHENTICATION_FAILED.code, errorMessage: said.error }
  })
  return messages
}

const sasl = (saslMechanism: string, rest: object = {}) => ({
  securityProtocol: 'SASL_PLAINTEXT',
  saslMechanism,
  ...rest,
})

test('PLAIN sends name and password', async () => {
  const given = await clientWorld(sasl('PLAIN', { saslJaasConfig: jaas }))
  const messages = offer(given, 'PLAIN', () => '')
  await given.world.settle(given.core.network.leastLoadedNode().connect())
  expect(messages).toEqual([`\0alice\0${password}`])
})

test('a wrong password is final and carries what the broker says', async () => {
  const given = await clientWorld(sasl('PLAIN', { saslJaasConfig: jaas }))
  offer(given, 'PLAIN', () => ({ error: 'Invalid username or password' }))
  const error = await given.world.settle(outcome(given.core.network.leastLoadedNode().connect()))
  expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', retriable: false })
  expect((error as Error).message).toContain('Invalid username or password')
})

test('a mechanism that the broker does not have is told with those that it has', async () => {
  const given = await clientWorld(sasl('PLAIN', { saslJaasConfig: jaas }))
  offer(given, 'SCRAM-SHA-512', () => '')
  const error = await given.world.settle(outcome(given.core.network.leastLoadedNode().connect()))
  expect(error).toMatchObject({ code: 'UNSUPPORTED_SASL_MECHANISM' })
  expect((error as Error).message).toContain('SCRAM-SHA-512')
})

test.each([
  { mechanism: 'SCRAM-SHA-256', hash: 'sha256', length: 32 },
  { mechanism: 'SCRAM-SHA-512', hash: 'sha512', length: 64 },
])(
  '$mechanism proves the password to the broker, and checks that the broker knows it',
  async ({ mechanism, hash, length }) => {
    const given = await clientWorld(sasl(mechanism, { saslJaasConfig: jaas }))
    const serverFirst = (nonce: string) => `r=${nonce}server,s=${Buffer.from('salt').toString('base64')},i=4096`
    let first = ''
    let proven = false
    offer(given, mechanism, (message, step) => {
      if (step === 0) {
        first = message.slice(3)
        return serverFirst(/r=(.*)$/.exec(message)![1]!)
      }
      const salted = pbkdf2Sync(password, 'salt', 4096, length, hash)
      const clientKey = createHmac(hash, salted).update('Client Key').digest()
      const stored = createHash(hash).update(clientKey).digest()
      const [withoutProof, proof] = message.split(',p=')
      const authMessage = `${first},${serverFirst(/r=(.*)$/.exec(first)![1]!)},${withoutProof}`
      const signature = createHmac(hash, stored).update(authMessage).digest()
      proven = Buffer.from(proof!, 'base64').equals(
        Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)),
      )
      const serverKey = createHmac(hash, salted).update('Server Key').digest()
      return `v=${createHmac(hash, serverKey).update(authMessage).digest('base64')}`
    })
    await given.world.settle(given.core.network.leastLoadedNode().connect())
    expect(proven).toBe(true)
  },
)

test('SCRAM refuses a broker that does not know the password', async () => {
  const given = await clientWorld(sasl('SCRAM-SHA-256', { saslJaasConfig: jaas }))
  offer(given, 'SCRAM-SHA-256', (message, step) => {
    return step === 0 ? `r=${/r=(.*)$/.exec(message)![1]}x,s=c2FsdA==,i=4096` : 'v=bm90IGl0'
  })
  const error = await given.world.settle(outcome(given.core.network.leastLoadedNode().connect()))
  expect((error as Error).message).toContain('the broker does not know the password itself')
})

test('OAUTHBEARER sends the token of its provider, with extensions', async () => {
  const provider = () => ({ value: 'token', extensions: { tenant: 'a' } })
  const given = await clientWorld(sasl('OAUTHBEARER', { saslLoginCallbackHandlerClass: provider }))
  const messages = offer(given, 'OAUTHBEARER', () => '')
  await given.world.settle(given.core.network.leastLoadedNode().connect())
  expect(messages).toEqual(['n,,\x01auth=Bearer token\x01tenant=a\x01\x01'])
})

test('a mechanism of your own takes part like those built in', async () => {
  const mechanism = {
    name: 'PIGEON',
    start: ({ host }: { host: string }) => ({
      respond: (challenge: Uint8Array | null) => {
        if (challenge === null) return utf8.encode(`coo ${host}`)
        return text(challenge) === 'coo?' ? utf8.encode('coo!') : null
      },
    }),
  }
  const given = await clientWorld(sasl('PIGEON', { saslClientCallbackHandlerClass: mechanism }))
  const messages = offer(given, 'PIGEON', (_message, step) => (step === 0 ? 'coo?' : ''))
  await given.world.settle(given.core.network.leastLoadedNode().connect())
  expect(messages).toEqual(['coo broker', 'coo!'])
})

test('before a session ends the connection authenticates again, and requests wait for it', async () => {
  const given = await clientWorld(sasl('PLAIN', { saslJaasConfig: jaas, metadataMaxAgeMs: 1_000 }))
  const messages = offer({ ...given, sessionLifetimeMs: 10_000 }, 'PLAIN', () => '')
  const lifetimes: number[] = []
  given.hooks.on('reauthenticated', ({ sessionLifetimeMs }) => lifetimes.push(sessionLifetimeMs))
  await given.world.settle(given.core.metadata.awaitTopic('orders', { timeoutMs: 5_000 }))
  // By now the connection to the broker by its id has taken the place of the first one.
  await given.world.runFor(1_500)
  const before = messages.length
  await given.world.runFor(20_000)
  expect(messages.length - before).toBe(2)
  expect(lifetimes).toEqual([10_000, 10_000])
  expect(given.connections.size).toBe(1)
})

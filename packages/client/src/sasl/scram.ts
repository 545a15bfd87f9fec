import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { KafkaError } from '../kafka-error.ts'
import type { SaslContext, SaslExchange, SaslMechanism } from './sasl-mechanism.ts'

/** What a SCRAM mechanism needs. */
export interface ScramOptions {
  readonly hash: 'sha256' | 'sha512'
  readonly username: string
  readonly password: string
}

const nonceBytes = 24
const leastIterations = 4096
/** More would stop the process for seconds; Kafka's tools make 4,096 to 16,384. */
const mostIterations = 1_000_000
const gs2Header = 'n,,'

/** SASL SCRAM (RFC 5802): the password itself is never sent, and the broker proves that it knows it, too. */
export function scramMechanism(options: ScramOptions): SaslMechanism {
  return {
    name: options.hash === 'sha256' ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512',
    start: (context) => scramExchange(options, context),
  }
}

function scramExchange(options: ScramOptions, { random }: SaslContext): SaslExchange {
  const nonce = Buffer.from(random.nextBytes(nonceBytes)).toString('base64url')
  const firstBare = `n=${options.username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  let serverSignature: Buffer | undefined
  let state: 'first' | 'final' | 'verify' = 'first'
  return {
    respond(challenge) {
      const text = challenge === null ? '' : new TextDecoder().decode(challenge)
      switch (state) {
        case 'first':
          state = 'final'
          return bytes(`${gs2Header}${firstBare}`)
        case 'final': {
          state = 'verify'
          const proof = clientFinal(options, { nonce, firstBare, serverFirst: text })
          serverSignature = proof.serverSignature
          return bytes(proof.message)
        }
        case 'verify':
          verifyServer(text, serverSignature!)
          return null
      }
    },
  }
}

function clientFinal(
  { hash, password }: ScramOptions,
  exchange: { readonly nonce: string; readonly firstBare: string; readonly serverFirst: string },
): { readonly message: string; readonly serverSignature: Buffer } {
  const attributes = readAttributes(exchange.serverFirst)
  const [nonce, salt, iterations] = [attributes.get('r'), attributes.get('s'), Number(attributes.get('i'))]
  if (nonce === undefined || salt === undefined || !nonce.startsWith(exchange.nonce)) {
    throw failure('the first message of the broker does not answer ours')
  }
  if (!(iterations >= leastIterations && iterations <= mostIterations)) {
    throw failure(`the broker asks for ${iterations} iterations; ${leastIterations} to ${mostIterations} are taken`)
  }
  const length = hash === 'sha256' ? 32 : 64
  const salted = pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, length, hash)
  const clientKey = createHmac(hash, salted).update('Client Key').digest()
  const storedKey = createHash(hash).update(clientKey).digest()
  const withoutProof = `c=${Buffer.from(gs2Header).toString('base64')},r=${nonce}`
  const authMessage = `${exchange.firstBare},${exchange.serverFirst},${withoutProof}`
  const signature = createHmac(hash, storedKey).update(authMessage).digest()
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!))
  const serverKey = createHmac(hash, salted).update('Server Key').digest()
  return {
    message: `${withoutProof},p=${proof.toString('base64')}`,
    serverSignature: createHmac(hash, serverKey).update(authMessage).digest(),
  }
}

function verifyServer(text: string, expected: Buffer): void {
  const attributes = readAttributes(text)
  const error = attributes.get('e')
  if (error !== undefined) throw failure(`the broker says ${error}`)
  const signature = Buffer.from(attributes.get('v') ?? '', 'base64')
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw failure('the broker does not know the password itself')
  }
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)] as const))
}

function failure(why: string): KafkaError {
  return new KafkaError('SASL_AUTHENTICATION_FAILED', `SCRAM authentication failed: ${why}`)
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

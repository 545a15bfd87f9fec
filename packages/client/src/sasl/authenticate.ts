import {
  saslAuthenticateRequest,
  saslAuthenticateResponse,
  saslHandshakeRequest,
  saslHandshakeResponse,
} from '@odradek/protocol/messages'
import type { KafkaConnection } from '../kafka-connection.ts'
import { asKafkaError, KafkaError } from '../kafka-error.ts'
import type { SaslContext, SaslMechanism } from './sasl-mechanism.ts'

const handshakeApi = { request: saslHandshakeRequest, response: saslHandshakeResponse }
const authenticateApi = { request: saslAuthenticateRequest, response: saslAuthenticateResponse }

/** How an authentication is run. */
export interface AuthenticateOptions extends SaslContext {
  readonly mechanism: SaslMechanism
  readonly timeoutMs: number
}

/**
 * Authenticates a connection, at its start or again (KIP-368), and answers for how many milliseconds that is good, 0 for ever.
 * @throws KafkaError SASL_AUTHENTICATION_FAILED and its siblings, which no retry will mend
 */
export async function authenticate(connection: KafkaConnection, options: AuthenticateOptions): Promise<number> {
  const { mechanism, timeoutMs } = options
  const broker = `${options.host}:${options.port}`
  const handshake = await connection.requestNow(handshakeApi, { mechanism: mechanism.name }, { timeoutMs, version: 1 })
  if (handshake.errorCode !== 0) {
    const offered = `the broker offers ${handshake.mechanisms.join(', ') || 'none'}`
    throw KafkaError.fromCode(handshake.errorCode, { broker }, `${mechanism.name}: ${offered}`)
  }
  const exchange = mechanism.start(options)
  let sessionLifetimeMs = 0
  let challenge: Uint8Array | null = null
  for (;;) {
    const message = await respond(exchange.respond(challenge))
    if (message === null) return sessionLifetimeMs
    const answer = await connection.requestNow(authenticateApi, { authBytes: message }, { timeoutMs })
    if (answer.errorCode !== 0) {
      throw KafkaError.fromCode(answer.errorCode, { broker }, answer.errorMessage)
    }
    sessionLifetimeMs = answer.sessionLifetimeMs
    challenge = answer.authBytes
  }
}

async function respond(message: Uint8Array | null | Promise<Uint8Array | null>): Promise<Uint8Array | null> {
  try {
    return await message
  } catch (error) {
    throw asKafkaError(error, 'SASL_AUTHENTICATION_FAILED')
  }
}

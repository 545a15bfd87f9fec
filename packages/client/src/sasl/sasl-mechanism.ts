import type { Random } from '@odradek/runtime'

/** Where an authentication takes place. */
export interface SaslContext {
  readonly host: string
  readonly port: number
  readonly random: Random
}

/** One authentication: `respond` is given the broker's challenge, null at first, and answers the client's next message, null at the end. */
export interface SaslExchange {
  respond(challenge: Uint8Array | null): Uint8Array | null | Promise<Uint8Array | null>
}

/** A SASL mechanism (RFC 4422), the built-in ones and those of users alike. */
export interface SaslMechanism {
  /** The name that the broker knows it by: `PLAIN`. */
  readonly name: string
  /** Begins an authentication; called for every connection and every re-authentication. */
  start(context: SaslContext): SaslExchange
}

/** Whether a value has the shape of a mechanism. */
export function isSaslMechanism(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return 'name' in value && typeof value.name === 'string' && 'start' in value && typeof value.start === 'function'
}

import type { SaslMechanism } from './sasl-mechanism.ts'

/** SASL PLAIN (RFC 4616): name and password as they are, so only over TLS. */
export function plainMechanism(username: string, password: string): SaslMechanism {
  return {
    name: 'PLAIN',
    start: () => ({
      respond: (challenge) => (challenge === null ? new TextEncoder().encode(`\0${username}\0${password}`) : null),
    }),
  }
}

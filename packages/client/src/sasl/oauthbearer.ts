import type { SaslMechanism } from './sasl-mechanism.ts'

/** A token for OAUTHBEARER: the text, or the text with SASL extensions (KIP-342). */
export type OAuthBearerToken =
  | string
  | { readonly value: string; readonly extensions?: Readonly<Record<string, string>> }

/** Gives the token for one authentication, which may have been fetched before. */
export type OAuthBearerTokenProvider = () => OAuthBearerToken | Promise<OAuthBearerToken>

/** SASL OAUTHBEARER (RFC 7628, KIP-255). */
export function oauthBearerMechanism(provider: OAuthBearerTokenProvider): SaslMechanism {
  return {
    name: 'OAUTHBEARER',
    start: () => ({
      async respond(challenge) {
        // A challenge after the token tells why it was refused; the answer to it, one byte, lets the broker end the exchange.
        if (challenge !== null) return challenge.length === 0 ? null : Uint8Array.of(1)
        const token = await provider()
        const { value, extensions = {} } = typeof token === 'string' ? { value: token } : token
        const pairs = Object.entries(extensions).map(([name, text]) => `${name}=${text}\x01`)
        return new TextEncoder().encode(`n,,\x01auth=Bearer ${value}\x01${pairs.join('')}\x01`)
      },
    }),
  }
}

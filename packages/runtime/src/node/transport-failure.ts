import { type Address, TransportError, type TransportErrorCode } from '../transport.ts'
import { hostCode } from './storage-failure.ts'

const codes: Readonly<Record<string, TransportErrorCode>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'not-resolved',
  EAI_AGAIN: 'not-resolved',
  EAI_FAIL: 'not-resolved',
  EAI_NODATA: 'not-resolved',
  EAI_NONAME: 'not-resolved',
  ENODATA: 'not-resolved',
  ETIMEDOUT: 'timed-out',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'timed-out',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EADDRINUSE: 'in-use',
  EPROTO: 'tls',
}

/** Error codes of OpenSSL's certificate verification, which have no common beginning, and of Node's TLS layer. */
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CRL_|HOSTNAME_MISMATCH|INVALID_CA)/

/** The `TransportError` for a failed call of the host. */
export function transportFailure(address: Address, cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause
  return new TransportError(codeOf(cause), address, readable(cause))
}

function codeOf(cause: unknown): TransportErrorCode {
  const code = hostCode(cause)
  if (code === undefined) return 'io'
  return codes[code] ?? (tlsCode.test(code) ? 'tls' : 'io')
}

/** A name with several addresses fails with one error for each, and without a message of its own. */
function readable(cause: unknown): unknown {
  if (!(cause instanceof AggregateError) || cause.message !== '') return cause
  return new Error(cause.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; '), {
    cause,
  })
}

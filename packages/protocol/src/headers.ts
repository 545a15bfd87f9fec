import { apiByKey, apiKeys } from './api-keys.ts'
import { type RequestHeader, type ResponseHeader, requestHeader, responseHeader } from './generated/headers.ts'
import { ProtocolError } from './protocol-error.ts'
import { Reader } from './reader.ts'

/**
 * The version of the header in front of a request: 2 in flexible versions of the API, 1 before. The client id is never in
 * compact form, not even in version 2, so that a broker can read it before it knows whether it has the API's version.
 * @throws ProtocolError when no API has the key.
 */
export function requestHeaderVersion(apiKey: number, version: number): number {
  return isFlexible(apiKey, version) ? 2 : 1
}

/**
 * The version of the header in front of a response: 1 in flexible versions of the API, 0 before. ApiVersions keeps 0 always,
 * because a client asks for it before it knows what the broker speaks (KIP-511).
 * @throws ProtocolError when no API has the key.
 */
export function responseHeaderVersion(apiKey: number, version: number): number {
  return apiKey !== apiKeys.ApiVersions.key && isFlexible(apiKey, version) ? 1 : 0
}

/** Reads the header of a request, whose first four bytes tell API and version. @throws ProtocolError */
export function readRequestHeader(reader: Reader): RequestHeader {
  const start = new Reader(reader.bytes, reader.position, reader.end)
  const apiKey = start.readInt16()
  const version = start.readInt16()
  return requestHeader.read(reader, requestHeaderVersion(apiKey, version))
}

/** Reads the header of the response to a request of that API and version. @throws ProtocolError */
export function readResponseHeader(reader: Reader, apiKey: number, version: number): ResponseHeader {
  return responseHeader.read(reader, responseHeaderVersion(apiKey, version))
}

function isFlexible(apiKey: number, version: number): boolean {
  const api = apiByKey(apiKey)
  if (api === undefined) throw new ProtocolError(`no API has the key ${apiKey}`, 'requestApiKey')
  return version >= api.firstFlexibleVersion
}

import { requestHeader, responseHeader } from './generated/headers.ts'
import { readResponseHeader, requestHeaderVersion, responseHeaderVersion } from './headers.ts'
import type { Input, MessageType } from './message-type.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** What stands in front of a request. */
export interface RequestFrameOptions {
  readonly version: number
  /** Comes back in the response, int32. */
  readonly correlationId: number
  /** Kafka's `client.id`; null by default. */
  readonly clientId?: string | null | undefined
}

/** What stands in front of a response. */
export interface ResponseFrameOptions {
  readonly version: number
  /** The correlation id of the request. */
  readonly correlationId: number
}

/**
 * A whole request: four bytes of size, header, body. The chunks go out by writev; byte fields of 4 KiB and more are the caller's
 * own arrays, not copies.
 * @throws ProtocolError when the body cannot be written in that version.
 */
export function encodeRequestFrame<T extends object>(
  type: MessageType<T>,
  body: Input<T>,
  options: RequestFrameOptions,
): Uint8Array[] {
  const { version, correlationId, clientId = null } = options
  const writer = new Writer()
  writer.writeInt32(0)
  const header = { requestApiKey: type.apiKey, requestApiVersion: version, correlationId, clientId }
  requestHeader.write(writer, header, requestHeaderVersion(type.apiKey, version))
  type.write(writer, body, version)
  return finishFrame(writer)
}

/** A whole response, in the same way. @throws ProtocolError when the body cannot be written in that version. */
export function encodeResponseFrame<T extends object>(
  type: MessageType<T>,
  body: Input<T>,
  options: ResponseFrameOptions,
): Uint8Array[] {
  const { version, correlationId } = options
  const writer = new Writer()
  writer.writeInt32(0)
  responseHeader.write(writer, { correlationId }, responseHeaderVersion(type.apiKey, version))
  type.write(writer, body, version)
  return finishFrame(writer)
}

/** Reads a response without its four bytes of size. @throws ProtocolError also when bytes are left over. */
export function decodeResponse<T extends object>(
  type: MessageType<T>,
  frame: Uint8Array,
  version: number,
): { correlationId: number; body: T } {
  const reader = new Reader(frame)
  const { correlationId } = readResponseHeader(reader, type.apiKey, version)
  const body = type.read(reader, version)
  if (reader.remaining > 0) throw reader.error(`${reader.remaining} bytes are left over after ${type.name}`)
  return { correlationId, body }
}

function finishFrame(writer: Writer): Uint8Array[] {
  writer.patchInt32(0, writer.length - 4)
  return writer.finishChunks()
}

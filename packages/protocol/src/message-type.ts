import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** A tagged field that the schema does not know; it survives a round trip (KIP-482). */
export interface RawTaggedField {
  readonly tag: number
  readonly bytes: Uint8Array
}

/** What a message is for. */
export type MessageKind =
  | 'request'
  | 'response'
  | 'header'
  | 'metadata'
  | 'remote-log-metadata'
  | 'coordinator-key'
  | 'coordinator-value'
  | 'data'

/** Bytes to be written: one run, or several that follow one another, so that they need not be joined first. */
export type BytesInput = Uint8Array | readonly Uint8Array[]

/** `T` as it is handed to a writer: every field may be left out, which means Kafka's default for it. */
export type Input<T> = T extends Uint8Array
  ? BytesInput
  : T extends RawTaggedField
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Input<Element>[]
      : T extends object
        ? { readonly [Field in keyof T]?: Input<T[Field]> | undefined }
        : T

/** The codec of one message in all its versions. */
export interface MessageType<T extends object> {
  /** Kafka's name: `FetchRequest`, `TopicRecord`. */
  readonly name: string
  readonly kind: MessageKind
  /** The API key of a request or response, the type number of a record, -1 for others. */
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
  /** The first version with compact lengths and tagged fields (KIP-482); Infinity when there is none. */
  readonly firstFlexibleVersion: number
  /** Reads the message; fields that `version` lacks have Kafka's defaults. @throws ProtocolError */
  read(reader: Reader, version: number): T
  /**
   * Writes the message; fields left out are at Kafka's defaults.
   * @throws ProtocolError when a value does not fit its type, or is set although `version` lacks the field and the field is not
   * one that Kafka drops silently.
   */
  write(writer: Writer, value: Input<T>, version: number): void
}

/** The bytes of a message. @throws ProtocolError */
export function encode<T extends object>(type: MessageType<T>, value: Input<T>, version: number): Uint8Array {
  const writer = new Writer()
  type.write(writer, value, version)
  return writer.finish()
}

/** The message in `bytes`; byte fields are views on them. @throws ProtocolError also when bytes are left over. */
export function decode<T extends object>(type: MessageType<T>, bytes: Uint8Array, version: number): T {
  const reader = new Reader(bytes)
  const value = type.read(reader, version)
  if (reader.remaining > 0) throw reader.error(`${reader.remaining} bytes are left over after ${type.name}`)
  return value
}

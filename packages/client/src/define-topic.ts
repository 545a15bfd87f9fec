import type { RecordHeader } from '@odradek/protocol'
import { KafkaError } from './kafka-error.ts'

/** What goes out without a serializer: bytes, text as UTF-8, or null, which deletes the key in a compacted topic. */
export type RecordData = Uint8Array | string | null

/** Turns a value into what goes out; throws when it cannot. Kafka: `Serializer`. */
export type Serializer<T> = (value: T, context: { readonly topic: string }) => RecordData

/** What a deserializer may know of the record beside the bytes. */
export interface DeserializedPart {
  readonly topic: string
  readonly headers: readonly RecordHeader[]
}

/** Turns the bytes of a key or value into what the application reads; throws when it cannot. Null is null without it. Kafka: `Deserializer`. */
export type Deserializer<T> = (data: Uint8Array, context: DeserializedPart) => T

/** Both ways of one codec. */
export interface Serde<Input, Output> {
  readonly serialize: Serializer<Input>
  readonly deserialize: Deserializer<Output>
}

/** A schema of any library that follows Standard Schema version 1: zod, valibot, arktype. */
export interface StandardSchema<Input = unknown, Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a Standard Schema says of a value. */
export type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }

/**
 * How keys or values are given: by a serializer, by serializer and deserializer, or by a schema, whose output is sent as JSON (text and
 * bytes as they are) and which what is read is held against.
 */
export type TopicCodec = Serializer<never> | Serde<never, unknown> | StandardSchema

/** A topic whose keys and values have types: `K` and `V` are sent, `ReadK` and `ReadV` are read. */
export interface Topic<K, V, ReadK = unknown, ReadV = unknown> {
  readonly name: string
  readonly serializeKey: (key: K) => RecordData
  readonly serializeValue: (value: V) => RecordData
  /** Undefined where bytes are read as they are. */
  readonly deserializeKey: Deserializer<ReadK> | undefined
  readonly deserializeValue: Deserializer<ReadV> | undefined
}

/** What a codec takes. */
export type CodecInput<C> =
  C extends Serializer<infer T>
    ? T
    : C extends Serde<infer T, infer _Output>
      ? T
      : C extends { readonly '~standard': { readonly types?: { readonly input: infer Input } | undefined } }
        ? Input
        : RecordData

/** What a codec reads, null aside: bytes where it has no deserializer. */
export type CodecOutput<C> =
  C extends Serializer<never>
    ? Uint8Array
    : C extends Serde<never, infer T>
      ? T
      : C extends { readonly '~standard': { readonly types?: { readonly output: infer Output } | undefined } }
        ? Output
        : Uint8Array

/**
 * A topic with typed keys and values: `defineTopic('orders', { key: (id: number) => String(id), value: z.object({ ... }) })`. A value that
 * its codec does not take fails its `send` with SERIALIZATION_FAILED before it is queued. What is left out takes bytes, text or null, and
 * is read as bytes.
 */
export function defineTopic<
  const KeyCodec extends TopicCodec | undefined = undefined,
  const ValueCodec extends TopicCodec | undefined = undefined,
>(
  name: string,
  codecs: { readonly key?: KeyCodec; readonly value?: ValueCodec } = {},
): Topic<CodecInput<KeyCodec>, CodecInput<ValueCodec>, CodecOutput<KeyCodec>, CodecOutput<ValueCodec>> {
  return {
    name,
    serializeKey: serializerOf(codecs.key, { topic: name, part: 'key' }),
    serializeValue: serializerOf(codecs.value, { topic: name, part: 'value' }),
    deserializeKey: deserializerOf(codecs.key) as Deserializer<CodecOutput<KeyCodec>> | undefined,
    deserializeValue: deserializerOf(codecs.value) as Deserializer<CodecOutput<ValueCodec>> | undefined,
  }
}

/** Which part of a record of which topic. */
export interface SerializedPart {
  readonly topic: string
  readonly part: 'key' | 'value'
}

/** A function that turns values into data, or throws SERIALIZATION_FAILED. */
export function serializerOf(codec: TopicCodec | undefined, part: SerializedPart): (value: unknown) => RecordData {
  if (codec === undefined) return (value) => asData(value, part)
  if (isSchema(codec)) return (value) => validated(codec, value, part)
  const serialize = typeof codec === 'function' ? codec : codec.serialize
  return (value) => {
    try {
      return asData(serialize(value as never, part), part)
    } catch (error) {
      throw failure(part, error instanceof Error ? error.message : String(error), error)
    }
  }
}

/** A function that reads what the codec wrote; undefined where bytes are read as they are. What it throws says why, not where. */
export function deserializerOf(codec: TopicCodec | undefined): Deserializer<unknown> | undefined {
  if (codec === undefined || typeof codec === 'function') return undefined
  return isSchema(codec) ? (data) => readBySchema(codec, data) : codec.deserialize
}

/** Whether a value is a Standard Schema, as an object or a function. */
export function isSchema(value: unknown): value is StandardSchema {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
}

/** Data as it is. @throws KafkaError SERIALIZATION_FAILED when it is neither bytes nor text nor null */
function asData(value: unknown, part: SerializedPart): RecordData {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  throw failure(
    part,
    `expected Uint8Array, string or null, got ${describe(value)}; defineTopic gives topics serializers`,
  )
}

function validated(schema: StandardSchema, value: unknown, part: SerializedPart): RecordData {
  if (value === null) return null
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) throw failure(part, asynchronous)
  if (result.issues !== undefined) throw failure(part, printIssues(result.issues))
  const output = result.value
  if (output === null || typeof output === 'string' || output instanceof Uint8Array) return output
  return JSON.stringify(output) ?? null
}

const asynchronous = 'the schema validates asynchronously; only synchronous ones are taken'
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * A schema's output goes out as JSON, texts and bytes as they are. So what is read may be JSON, else a text, else bytes; the first that the
 * schema takes is it, and a text in quotes is held against the schema as the text that it is before it is read as JSON.
 */
function readBySchema(schema: StandardSchema, data: Uint8Array): unknown {
  let why: string | undefined
  for (const candidate of candidates(data)) {
    const result = schema['~standard'].validate(candidate)
    if (result instanceof Promise) throw new Error(asynchronous)
    if (result.issues === undefined) return result.value
    why ??= printIssues(result.issues)
  }
  throw new Error(why)
}

function* candidates(data: Uint8Array): Generator<unknown> {
  let text: string | undefined
  try {
    text = decoder.decode(data)
  } catch {
    // Not UTF-8: only bytes it can be.
  }
  if (text !== undefined) {
    const parsed = parseJson(text)
    if (parsed !== undefined && typeof parsed.value !== 'string') yield parsed.value
    yield text
    if (typeof parsed?.value === 'string') yield parsed.value
  }
  yield data
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

type Issues = Extract<StandardResult, { readonly issues: readonly unknown[] }>['issues']

function printIssues(issues: Issues): string {
  const texts = issues.map(({ message, path = [] }) => {
    const steps = path.map((step) => String(typeof step === 'object' ? step.key : step))
    return steps.length === 0 ? message : `${steps.join('.')}: ${message}`
  })
  return texts.join('; ')
}

function describe(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'an object') : `${typeof value} ${String(value)}`
}

function failure({ topic, part }: SerializedPart, why: string, cause?: unknown): KafkaError {
  return new KafkaError('SERIALIZATION_FAILED', `the ${part} of a record of topic ${topic}: ${why}`, {
    cause,
    context: { topic },
  })
}

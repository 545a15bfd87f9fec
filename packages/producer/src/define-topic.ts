import { KafkaError } from '@odradek/client'
import type { RecordData } from './record.ts'

/** Turns a value into what goes out; throws when it cannot. Kafka: `Serializer`. */
export type Serializer<T> = (value: T, context: { readonly topic: string }) => RecordData

/** A schema of any library that follows Standard Schema version 1: zod, valibot, arktype. */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>
    readonly types?: { readonly input: Input; readonly output: unknown } | undefined
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

/** How keys or values are given: by a serializer, or by a schema, whose output is sent as JSON (text and bytes as they are). */
export type TopicCodec = Serializer<never> | StandardSchema

/** A topic whose keys and values have types. */
export interface Topic<K, V> {
  readonly name: string
  readonly serializeKey: (key: K) => RecordData
  readonly serializeValue: (value: V) => RecordData
}

/** What a codec takes. */
export type CodecInput<C> =
  C extends Serializer<infer T>
    ? T
    : C extends { readonly '~standard': { readonly types?: { readonly input: infer Input } | undefined } }
      ? Input
      : RecordData

/**
 * A topic with typed keys and values: `defineTopic('orders', { key: (id: number) => String(id), value: z.object({ ... }) })`. A value that
 * its codec does not take fails its `send` with SERIALIZATION_FAILED before it is queued. What is left out takes bytes, text or null.
 */
export function defineTopic<
  const KeyCodec extends TopicCodec | undefined = undefined,
  const ValueCodec extends TopicCodec | undefined = undefined,
>(
  name: string,
  codecs: { readonly key?: KeyCodec; readonly value?: ValueCodec } = {},
): Topic<CodecInput<KeyCodec>, CodecInput<ValueCodec>> {
  return {
    name,
    serializeKey: serializerOf(codecs.key, { topic: name, part: 'key' }),
    serializeValue: serializerOf(codecs.value, { topic: name, part: 'value' }),
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
  if (typeof codec === 'function') {
    return (value) => {
      try {
        return asData(codec(value as never, part), part)
      } catch (error) {
        throw failure(part, error instanceof Error ? error.message : String(error), error)
      }
    }
  }
  return (value) => validated(codec, value, part)
}

/** Data as it is. @throws KafkaError SERIALIZATION_FAILED when it is neither bytes nor text nor null */
export function asData(value: unknown, part: SerializedPart): RecordData {
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
  if (result instanceof Promise)
    throw failure(part, 'the schema validates asynchronously; only synchronous ones are taken')
  if (result.issues !== undefined) {
    const issues = result.issues.map(({ message, path = [] }) => {
      const steps = path.map((step) => String(typeof step === 'object' ? step.key : step))
      return steps.length === 0 ? message : `${steps.join('.')}: ${message}`
    })
    throw failure(part, issues.join('; '))
  }
  const output = result.value
  if (output === null || typeof output === 'string' || output instanceof Uint8Array) return output
  return JSON.stringify(output) ?? null
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

import { type Deserializer, deserializerOf, type Topic, type TopicCodec } from '@odradek/client'
import type { DeserializerOption } from '../config/consumer-configs.ts'

/** How keys and values of a topic are read; undefined for bytes. */
export interface RecordReaders {
  readonly deserializeKey: Deserializer<unknown> | undefined
  readonly deserializeValue: Deserializer<unknown> | undefined
}

/** The readers of every topic: those of a defined topic, or those of the consumer. */
export class TopicReaders {
  readonly #topics = new Map<string, RecordReaders>()
  readonly #others: RecordReaders

  constructor(options: {
    readonly keyDeserializer: DeserializerOption | null
    readonly valueDeserializer: DeserializerOption | null
  }) {
    this.#others = {
      deserializeKey: readerOf(options.keyDeserializer),
      deserializeValue: readerOf(options.valueDeserializer),
    }
  }

  /** Reads a topic by its codecs from now on. */
  define(topic: Topic<never, never>): void {
    const { deserializeKey, deserializeValue } = topic
    this.#topics.set(topic.name, { deserializeKey, deserializeValue })
  }

  of(topic: string): RecordReaders {
    return this.#topics.get(topic) ?? this.#others
  }
}

function readerOf(option: DeserializerOption | null): Deserializer<unknown> | undefined {
  if (option === null) return undefined
  // A function is a deserializer here, where a topic's codec would be a serializer; schemas may be functions, too.
  if (typeof option === 'function' && !('~standard' in option)) return option
  return deserializerOf(option as TopicCodec)
}

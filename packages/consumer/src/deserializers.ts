import type { Deserializer } from '@odradek/client'

const decoder = new TextDecoder()

/** Reads UTF-8. Kafka: `StringDeserializer`. */
export const stringDeserializer: Deserializer<string> = (data) => decoder.decode(data)

/** Reads JSON, unchecked; a schema in `defineTopic` checks it, too. */
export const jsonDeserializer: Deserializer<unknown> = (data) => JSON.parse(decoder.decode(data)) as unknown

/** Kafka's own deserializers by the names in property files. */
export const kafkaDeserializers: Readonly<Record<string, Deserializer<unknown> | null>> = {
  'org.apache.kafka.common.serialization.ByteArrayDeserializer': null,
  'org.apache.kafka.common.serialization.ByteBufferDeserializer': null,
  'org.apache.kafka.common.serialization.BytesDeserializer': null,
  'org.apache.kafka.common.serialization.StringDeserializer': stringDeserializer,
}

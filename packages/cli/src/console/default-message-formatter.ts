import type { ConsumerRecord } from '@odradek/consumer'
import type { Properties } from './key-values.ts'
import type { MessageFormatter } from './message-formatter.ts'
import { type PrintedDeserializer, printedDeserializer } from './printed-deserializers.ts'

type Column = (record: ConsumerRecord) => readonly (string | Uint8Array)[]

/** Columns in Kafka's order; only the value is there when nothing is asked for. Kafka: `DefaultMessageFormatter`. */
export function defaultMessageFormatter(properties: Properties): MessageFormatter {
  const prints = (name: string, otherwise = false) => {
    const given = properties.get(`print.${name}`)
    return given === undefined ? otherwise : given.trim().toLowerCase() === 'true'
  }
  const keySeparator = properties.get('key.separator') ?? '\t'
  const lineSeparator = properties.get('line.separator') ?? '\n'
  const data = dataColumns(properties)
  const columns: Column[] = []
  if (prints('timestamp')) columns.push(timestampColumn)
  if (prints('partition')) columns.push(({ partition }) => [`Partition:${partition}`])
  if (prints('offset')) columns.push(({ offset }) => [`Offset:${offset}`])
  // Kafka's command hands records on without these two.
  if (prints('delivery')) columns.push(() => ['Delivery:NOT_PRESENT'])
  if (prints('epoch')) columns.push(() => ['Epoch:NOT_PRESENT'])
  if (prints('headers')) columns.push(data.headers)
  if (prints('key')) columns.push(data.key)
  const printsValue = prints('value', true)
  if (printsValue) columns.push(data.value)
  return (record) =>
    columns.flatMap((column, at) => {
      return [...column(record), at === columns.length - 1 ? lineSeparator : keySeparator]
    })
}

/** Records of the oldest format have none. */
function timestampColumn({ timestamp, timestampType }: ConsumerRecord): readonly string[] {
  return [timestamp === -1 ? 'NO_TIMESTAMP' : `${timestampType}:${timestamp}`]
}

function dataColumns(properties: Properties): Readonly<Record<'key' | 'value' | 'headers', Column>> {
  const nullLiteral = Buffer.from(properties.get('null.literal') ?? 'null')
  const headersSeparator = properties.get('headers.separator') ?? ','
  const shown = (name: string): ((bytes: Uint8Array | null) => string | Uint8Array) => {
    const className = properties.get(`${name}.deserializer`)
    const deserialize: PrintedDeserializer = className === undefined ? (bytes) => bytes : printedDeserializer(className)
    return (bytes) => deserialize(bytes ?? nullLiteral)
  }
  const key = shown('key')
  const value = shown('value')
  const header = shown('headers')
  return {
    key: (record) => [key(record.keyBytes)],
    value: (record) => [value(record.valueBytes)],
    headers: ({ headers }) => {
      if (headers.length === 0) return ['NO_HEADERS']
      return headers.flatMap((one, at) => {
        const parts = [`${one.key}:`, header(one.value)]
        return at === headers.length - 1 ? parts : [...parts, headersSeparator]
      })
    },
  }
}

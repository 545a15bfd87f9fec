import type { ConsumerRecord } from '@odradek/consumer'
import type { Properties } from './key-values.ts'

/** Makes of a record what is printed of it, its line break included. @throws Error when the record cannot be read */
export type MessageFormatter = (record: ConsumerRecord) => readonly (string | Uint8Array)[]

/** Sets a formatter up. @throws Error with the name of a class that is not known */
export type FormatterFactory = (properties: Properties) => MessageFormatter | Promise<MessageFormatter>

const packageName = 'org.apache.kafka.tools.consumer'

const defaultFormatter: FormatterFactory = async (properties) =>
  (await import('./default-message-formatter.ts')).defaultMessageFormatter(properties)

const factories: Readonly<Record<string, FormatterFactory>> = {
  [`${packageName}.DefaultMessageFormatter`]: defaultFormatter,
  // Beside what the default prints, Kafka's writes to its log, at a level that its command does not show.
  [`${packageName}.LoggingMessageFormatter`]: defaultFormatter,
  [`${packageName}.NoOpMessageFormatter`]: () => () => [],
  [`${packageName}.OffsetsMessageFormatter`]: async () =>
    (await import('./coordinator-formatters.ts')).offsetsFormatter,
  [`${packageName}.GroupMetadataMessageFormatter`]: async () =>
    (await import('./coordinator-formatters.ts')).groupMetadataFormatter,
  [`${packageName}.TransactionLogMessageFormatter`]: async () =>
    (await import('./coordinator-formatters.ts')).transactionLogFormatter,
  [`${packageName}.group.share.ShareGroupStateMessageFormatter`]: async () =>
    (await import('./coordinator-formatters.ts')).shareGroupStateFormatter,
}

/** The formatter of a class of Kafka's. @throws Error with the name of a class that is not known */
export async function messageFormatter(className: string, properties: Properties): Promise<MessageFormatter> {
  const factory = factories[className]
  if (factory === undefined) throw new Error(className)
  return factory(properties)
}

import { Producer } from '@odradek/producer'
import type { ForeignWriter, ProduceRequest } from '../foreign-client.ts'
import { fromBase64 } from '../record.ts'

/** The producer of this project, which others have to be able to read. */
export class OdradekWriter implements ForeignWriter {
  readonly name = 'odradek'
  readonly limits = {}

  async produce({ bootstrap, topic, partition, codec, idempotent, records }: ProduceRequest): Promise<void> {
    await using producer = new Producer({
      bootstrapServers: bootstrap,
      compressionType: codec,
      enableIdempotence: idempotent,
      acks: 'all',
    })
    await producer.send(
      records.map(({ key, value, headers, timestamp }) => ({
        topic,
        partition,
        key: fromBase64(key),
        value: fromBase64(value),
        headers: headers.map(([name, content]) => ({ key: name, value: fromBase64(content) })),
        timestamp,
      })),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every request has a producer of its own.
  }
}

/** @platformatic/kafka. Its `fetch` is what its stream stands on: fetch sessions, topic ids and all, but no group. */
import { Consumer, type KafkaRecord, Producer } from '@platformatic/kafka'
import type { ForeignClient, ProduceRequest, ReadRequest } from '../foreign-client.ts'
import { base64, type ConsumedRecord, fromBase64, type InteropRecord } from '../record.ts'

const noOffset = -1n
const latest = -1n

/** @platformatic/kafka, all five codecs of its own. */
export class PlatformaticClient implements ForeignClient {
  readonly name = 'platformatic'
  readonly limits = {}

  async produce(request: ProduceRequest): Promise<void> {
    const producer = new Producer({ clientId: 'interop', bootstrapBrokers: request.bootstrap.split(','), strict: true })
    try {
      await producer.send({
        messages: request.records.map((record) => toMessage(request, record)),
        acks: -1,
        idempotent: request.idempotent,
        compression: request.codec,
      })
    } finally {
      await producer.close()
    }
  }

  async read({ bootstrap, topic, partition, from }: ReadRequest): Promise<readonly ConsumedRecord[]> {
    const consumer = new Consumer({
      clientId: 'interop',
      groupId: 'never-joined',
      bootstrapBrokers: bootstrap.split(','),
    })
    try {
      consumer.topics.track(topic)
      const metadata = await consumer.metadata({ topics: [topic] })
      const { id, partitions } = metadata.topics.get(topic)!
      const offsetAt = async (timestamp: bigint) => {
        const offsets = await consumer.listOffsets({ topics: [topic], partitions: { [topic]: [partition] }, timestamp })
        return offsets.get(topic)![partition]!
      }
      const end = await offsetAt(latest)
      let next = 'offset' in from ? BigInt(from.offset) : await offsetAt(BigInt(from.timestamp))
      const records: ConsumedRecord[] = []
      while (next !== noOffset && next < end) {
        const answer = await consumer.fetch({
          node: partitions[partition]!.leader,
          maxWaitTime: 50,
          topics: [{ topicId: id, partitions: [fetchPartition(partition, next)] }],
        })
        for (const batch of answer.responses[0]?.partitions[0]?.records ?? []) {
          for (const record of batch.records) {
            const offset = batch.firstOffset + BigInt(record.offsetDelta)
            if (offset < next) continue
            records.push(
              toRecord(record, { partition, offset, timestamp: batch.firstTimestamp + record.timestampDelta }),
            )
            next = offset + 1n
          }
        }
      }
      return records
    } finally {
      await consumer.close(true)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every request has its own connections.
  }
}

function fetchPartition(partition: number, fetchOffset: bigint) {
  return { partition, currentLeaderEpoch: -1, fetchOffset, lastFetchedEpoch: -1, partitionMaxBytes: 1_048_576 }
}

function toMessage({ topic, partition }: ProduceRequest, { key, value, headers, timestamp }: InteropRecord) {
  // Without serializers bytes and null go through as they are, though the types know no null. Distinct Buffers are distinct keys of the Map.
  const bytes = (text: string | null) => fromBase64(text) as Buffer
  return {
    topic,
    partition,
    key: bytes(key),
    value: bytes(value),
    headers: new Map(headers.map(([name, content]) => [Buffer.from(name), bytes(content)])),
    ...(timestamp === undefined ? {} : { timestamp: BigInt(timestamp) }),
  }
}

function toRecord(
  { key, value, headers }: KafkaRecord,
  place: { partition: number; offset: bigint; timestamp: bigint },
): ConsumedRecord {
  return {
    partition: place.partition,
    offset: Number(place.offset),
    timestamp: Number(place.timestamp),
    key: base64(key),
    value: base64(value),
    headers: headers.map(([name, content]) => [name?.toString('utf8') ?? '', base64(content)] as const),
  }
}

/** Our own producer, among the others: what it writes has to read back the same everywhere. Reading goes by Fetch itself. */
import { ConfigTable, clientConfigs, createClientCore, securityConfigs } from '@odradek/client'
import { Producer } from '@odradek/producer'
import { fetchedRecordBatches } from '@odradek/protocol'
import { fetchRequest, fetchResponse, listOffsetsRequest, listOffsetsResponse } from '@odradek/protocol/messages'
import type { ForeignClient, ProduceRequest, ReadRequest } from '../foreign-client.ts'
import { base64, type ConsumedRecord, fromBase64 } from '../record.ts'

const table = new ConfigTable({ ...clientConfigs, ...securityConfigs })
const fetchApi = { request: fetchRequest, response: fetchResponse }
const listOffsetsApi = { request: listOffsetsRequest, response: listOffsetsResponse }

/** @odradek/producer, all five codecs. */
export class OdradekClient implements ForeignClient {
  readonly name = 'odradek'
  readonly limits = {}

  async produce({ bootstrap, topic, partition, codec, idempotent, records }: ProduceRequest): Promise<void> {
    await using producer = new Producer({
      bootstrapServers: bootstrap,
      compressionType: codec,
      enableIdempotence: idempotent,
      // Without idempotence a batch that is sent again may come behind the next one.
      ...(idempotent ? {} : { maxInFlightRequestsPerConnection: 1 }),
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

  async read({ bootstrap, topic, partition, from }: ReadRequest): Promise<readonly ConsumedRecord[]> {
    const { values: config } = table.parse({ bootstrapServers: bootstrap })
    const core = createClientCore({ config, ports: {}, metadataMaxIdleMs: 300_000, allowAutoTopicCreation: false })
    try {
      const { topicId, partitions } = await core.metadata.awaitTopic(topic, { timeoutMs: 10_000, partition })
      const node = core.network.node(partitions[partition]!.leaderId)!
      const offsetAt = async (timestamp: number) => {
        const asked = { name: topic, partitions: [{ partitionIndex: partition, timestamp }] }
        const answer = await core.network.request(node, listOffsetsApi, { replicaId: -1, topics: [asked] })
        return answer.topics[0]!.partitions[0]!.offset
      }
      const end = await offsetAt(-1)
      let next = 'offset' in from ? from.offset : await offsetAt(from.timestamp)
      const records: ConsumedRecord[] = []
      while (next >= 0 && next < end) {
        const asked = { topicId, partitions: [{ partition, fetchOffset: next, partitionMaxBytes: 1_048_576 }] }
        const limits = { maxWaitMs: 50, minBytes: 1, maxBytes: 10_000_000, sessionId: 0, sessionEpoch: -1 }
        const answer = await core.network.request(node, fetchApi, { ...limits, topics: [asked] })
        const found = answer.responses[0]?.partitions[0]?.records ?? new Uint8Array()
        for (const batch of fetchedRecordBatches(found)) {
          for (const { offset, timestamp, key, value, headers } of batch.records()) {
            if (offset < next) continue
            const pairs = headers.map((header) => [header.key, base64(header.value)] as const)
            records.push({ key: base64(key), value: base64(value), headers: pairs, partition, offset, timestamp })
          }
          next = Math.max(next, batch.nextOffset)
        }
      }
      return records
    } finally {
      core.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every request has its own connections.
  }
}

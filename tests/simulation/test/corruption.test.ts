import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrokerEvents } from '@odradek/broker-core'
import { errors, RecordBatchBuilder, recordBatches } from '@odradek/protocol'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { apis } from '../src/client-apis.ts'
import { ClientConnection } from '../src/client-connection.ts'
import { readBatches } from '../src/partition-ledger.ts'

const topic = 'orders'
const segmentBytes = 4000
const batchCount = 60

async function produce(client: ClientConnection, value: string): Promise<void> {
  const builder = new RecordBatchBuilder()
  builder.append({ value, timestamp: 1_700_000_000_000 })
  const partitionData = [{ index: 0, records: builder.close().slice() }]
  const topicData = [{ name: topic, partitionData }]
  const { responses } = await client.request(apis.produce, { acks: -1, timeoutMs: 1000, topicData })
  expect(responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
}

/** The code that a Fetch from the offset is answered with. */
async function fetchError(client: ClientConnection, offset: number): Promise<number | undefined> {
  const partitions = [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1 }]
  const request = { maxWaitMs: 0, minBytes: 0, maxBytes: 1, topics: [{ topic, partitions }] }
  const { responses } = await client.request(apis.fetch, request)
  return responses[0]?.partitions[0]?.errorCode
}

test('a byte that flips in the middle of a closed segment is reported and never served, and all before it is', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'odradek-corruption-'))
  try {
    await using writer = await startBroker({ dataDir, tcp: false })
    const client = new ClientConnection(await writer.transport.connect(writer))
    const configs = [{ name: 'internal.segment.bytes', value: String(segmentBytes) }]
    await client.request(apis.createTopics, {
      topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, configs }],
      timeoutMs: 1000,
    })
    for (let count = 0; count < batchCount; count++) await produce(client, `value ${count}`.padEnd(200, '.'))
    await writer.close()

    // The first segment is closed: a later one takes the appends.
    const path = join(dataDir, `${topic}-0`, '00000000000000000000.log')
    const bytes = readFileSync(path)
    const batches = [...recordBatches(bytes)]
    const hit = batches[Math.floor(batches.length / 2)]!
    bytes[hit.start + hit.sizeInBytes - 50]! ^= 0x10
    writeFileSync(path, bytes)

    await using reader = await startBroker({ dataDir, tcp: false })
    const found: BrokerEvents['corruptionFound'][] = []
    reader.hooks.on('corruptionFound', (event) => found.push(event))
    const consumer = new ClientConnection(await reader.transport.connect(reader))
    const served: number[] = []
    while (served.length < hit.baseOffset) {
      const read = await readBatches(consumer, { topic, partition: 0, offset: served.length })
      expect(read.length).toBeGreaterThan(0)
      served.push(...read.map(({ baseOffset }) => baseOffset))
    }
    expect(served).toEqual(Array.from({ length: hit.baseOffset }, (_, offset) => offset))
    expect(await fetchError(consumer, hit.baseOffset)).toBe(errors.CORRUPT_MESSAGE.code)
    expect(found).toEqual([
      { topic, partition: 0, path, position: hit.start, reason: expect.stringContaining('checksum') as unknown },
    ])
    expect(await fetchError(consumer, hit.baseOffset + 1)).toBe(0)
    expect((await readBatches(consumer, { topic, partition: 0, offset: batchCount - 1 }))[0]?.baseOffset).toBe(
      batchCount - 1,
    )
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})

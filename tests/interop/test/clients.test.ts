import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopics, uniqueTopic } from '../src/create-topics.ts'
import type { Codec, ForeignClient } from '../src/foreign-client.ts'
import { codecs } from '../src/foreign-client.ts'
import { type ClientName, clientMissing, clientNames, ForeignClients } from '../src/foreign-clients.ts'
import { brief, type ConsumedRecord, type InteropRecord } from '../src/record.ts'
import { trickyRecords } from '../src/records.ts'
import { fullSuite, startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

// An hour ago: no broker takes such records for late or early.
const firstTimestamp = Date.now() - 3_600_000

/** Each client writes each codec with and without idempotence; what it writes into which partition. */
const writes = codecs.flatMap((codec) => [
  { codec, idempotent: false },
  { codec, idempotent: true },
])

const availability = targetNames().map((name) => ({ name, why: targetMissing(name) }))

let clients: ForeignClients
beforeAll(async () => {
  clients = await ForeignClients.start()
}, 120_000)
afterAll(async () => {
  await clients?.[Symbol.asyncDispose]()
})

describe.each(availability)('against $name', ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  beforeAll(async () => {
    target = await startTarget(name)
  }, 60_000)
  afterAll(async () => {
    await target?.[Symbol.asyncDispose]()
  })

  describe.each(clientNames)('what %s writes', (writer) => {
    const why = clientMissing(writer)
    if (why !== undefined) return test.skip(`skipped: ${why}`)
    const topic = uniqueTopic(`written-by-${writer}`)
    beforeAll(async () => {
      await createTopics(target.bootstrap, [{ topic, partitions: writes.length }])
    })

    test.for(writes.map((write, partition) => ({ ...write, partition })))(
      'with codec $codec, idempotent $idempotent, others read back as it was written, by offset and by time',
      { timeout: 60_000 },
      async ({ codec, idempotent, partition }, { skip }) => {
        const client = clients.get(writer)
        skip(idempotent && client.limits.noIdempotence === true, `${writer} has no idempotent producer`)
        const at = { bootstrap: target.bootstrap, topic, partition }
        const written = await write(client, { ...at, codec, idempotent })
        const readers = readersFor(writer)
        const first = await clients.get(readers[0]!).read({ ...at, from: { offset: 0 } })
        // The time is the broker's word where the client cannot choose it.
        const expected = written.map((record, offset) => {
          return { ...record, partition, offset, timestamp: record.timestamp ?? first[offset]?.timestamp ?? -1 }
        })
        expect(first.map(brief)).toEqual(expected.map(brief))
        await Promise.all(readers.map((reader) => readsTheSame(clients.get(reader), at, first)))
      },
    )
  })
})

/** In two requests, so that there are two batches at least. */
async function write(
  client: ForeignClient,
  where: { bootstrap: string; topic: string; partition: number; codec: Codec; idempotent: boolean },
): Promise<readonly InteropRecord[]> {
  const records = trickyRecords(firstTimestamp, client.limits)
  const half = Math.ceil(records.length / 2)
  await client.produce({ ...where, records: records.slice(0, half) })
  await client.produce({ ...where, records: records.slice(half) })
  return records
}

async function readsTheSame(
  reader: ForeignClient,
  at: { bootstrap: string; topic: string; partition: number },
  all: readonly ConsumedRecord[],
): Promise<void> {
  const middle = Math.floor(all.length / 2) - 2
  const { timestamp } = all[middle]!
  const fromThen = all.findIndex((record) => record.timestamp >= timestamp)
  const [fromStart, fromMiddle, fromTime] = await Promise.all([
    reader.read({ ...at, from: { offset: 0 } }),
    reader.read({ ...at, from: { offset: middle } }),
    reader.read({ ...at, from: { timestamp } }),
  ])
  expect({
    reader: reader.name,
    fromStart: fromStart.map(brief),
    fromMiddle: fromMiddle.map(brief),
    fromTime: fromTime.map(brief),
  }).toEqual({
    reader: reader.name,
    fromStart: all.map(brief),
    fromMiddle: all.slice(middle).map(brief),
    fromTime: all.slice(fromThen).map(brief),
  })
}

/** In the whole suite every client reads what every client wrote; in the quick part the writer itself and one other. */
function readersFor(writer: ClientName): readonly ClientName[] {
  const able = clientNames.filter((name) => clientMissing(name) === undefined)
  if (fullSuite) return able
  const next = able[(able.indexOf(writer) + 1) % able.length]!
  return [writer, next]
}

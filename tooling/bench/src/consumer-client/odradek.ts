import { Consumer, type ConsumerOptions } from '@odradek/consumer'
import { type BenchReader, type OpenClient, orExit } from './bench-client.ts'
import type { Reading } from './reading.ts'

type Loop = (consumer: Consumer, reading: Reading, signal: AbortSignal) => Promise<void>

const byPoll: Loop = async (consumer, reading, signal) => {
  while (!signal.aborted) {
    const records = await consumer.poll({ signal })
    for (const { key, value } of records) reading.take(key, value)
    await reading.pause(records.count)
  }
}

const byBatches: Loop = async (consumer, reading, signal) => {
  for await (const { records } of consumer.batches({ signal })) {
    for (const { key, value } of records) reading.take(key, value)
    const pause = reading.pause(records.length)
    if (pause !== undefined) await pause
  }
}

const byRecords: Loop = async (consumer, reading, signal) => {
  for await (const { key, value } of consumer.records({ signal })) {
    reading.take(key, value)
    const pause = reading.pause(1)
    if (pause !== undefined) await pause
  }
}

const byEachBatch: Loop = (consumer, reading, signal) =>
  consumer.run({
    signal,
    eachBatch: ({ records }) => {
      for (const { key, value } of records) reading.take(key, value)
      return reading.pause(records.length)
    },
  })

const byEachRecord: Loop = (consumer, reading, signal) =>
  consumer.run({
    signal,
    eachRecord: ({ key, value }) => {
      reading.take(key, value)
      return reading.pause(1)
    },
  })

/** This project's consumer with Kafka's defaults, and what `options` changes. */
function openOdradek(loop: Loop, options: Partial<ConsumerOptions> = {}): OpenClient {
  return ({ bootstrap, topic, groupId, reading }: BenchReader) => {
    const from = { bootstrapServers: bootstrap, groupId, autoOffsetReset: 'earliest' } as const
    const consumer = new Consumer({ ...from, ...options } as ConsumerOptions)
    consumer.subscribe(topic)
    const ending = new AbortController()
    orExit(
      loop(consumer, reading, ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted) throw error
      }),
    )
    return async () => {
      ending.abort()
      await consumer.close()
    }
  }
}

/** `poll`. */
export const openByPoll: OpenClient = openOdradek(byPoll)

/** `for await` over batches. */
export const openByBatches: OpenClient = openOdradek(byBatches)

/** `for await` over records. */
export const openByRecords: OpenClient = openOdradek(byRecords)

/** The same in a group that the broker divides (KIP-848), where the broker has that. */
export const openAuto: OpenClient = openOdradek(byRecords, { groupProtocol: 'auto' })

/** `run` with a handler of batches. */
export const openByEachBatch: OpenClient = openOdradek(byEachBatch)

/** `run` with a handler of records. */
export const openByEachRecord: OpenClient = openOdradek(byEachRecord)

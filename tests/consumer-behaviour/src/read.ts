import type { Consumer, ConsumerRecord } from '@odradek/consumer'

/** Polls until there are so many records, or nothing came for ten seconds. */
export async function readCount<Key, Value>(
  consumer: Consumer<Key, Value>,
  count: number,
): Promise<ConsumerRecord<Key, Value>[]> {
  const read: ConsumerRecord<Key, Value>[] = []
  while (read.length < count) {
    const records = await consumer.poll({ timeoutMs: 10_000 })
    if (records.nextOffsets.size === 0) throw new Error(`${read.length} of ${count} records came`)
    read.push(...records)
  }
  return read
}

/** The values, as text. */
export async function readValues(consumer: Consumer, count: number): Promise<(string | null)[]> {
  return (await readCount(consumer, count)).map(({ value }) =>
    value === null ? null : new TextDecoder().decode(value),
  )
}

import { type RecordBatchView, recordBatches } from '@odradek/protocol'
import { apis } from './client-apis.ts'
import type { ClientConnection } from './client-connection.ts'

/** A batch that was sent, and what is known of it. */
export interface SentBatch {
  /** Values of its records; no other batch has any of them. */
  readonly values: readonly string[]
  /** Base offset once it was acknowledged, or seen by a reader; it stays there from then on. */
  offset: number | undefined
}

/** A batch that a reader found. */
interface FoundBatch {
  readonly baseOffset: number
  readonly values: readonly string[]
}

/**
 * What may be gone since the last check. A power failure may take the end of each segment that was not synced; as in Kafka, the
 * segments behind it stay when it ends with a whole batch, so that offsets are missing between the two. What follows a gap
 * therefore begins a segment.
 */
export type Loss = 'nothing' | { readonly endsBefore: ReadonlySet<number> }

/** What was sent to one partition, compared with what a consumer finds there. */
export class PartitionLedger {
  readonly topic: string
  readonly partition: number
  /** By the first value. */
  readonly #sent = new Map<string, SentBatch>()
  /** Where offsets are missing for good: from the first one to the one behind the last. */
  readonly #gaps = new Map<number, number>()
  /** Records below are durable: nothing may take them. */
  #durableEnd = 0
  /** How many batches were acknowledged, and how many of them a power failure took. */
  acknowledgedCount = 0
  lostCount = 0
  /** How many batches were found that had not been acknowledged. */
  unacknowledgedCount = 0

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get name(): string {
    return `${this.topic}-${this.partition}`
  }

  /** Notes a batch that is about to be sent. */
  send(values: readonly string[]): SentBatch {
    const batch: SentBatch = { values, offset: undefined }
    this.#sent.set(values[0]!, batch)
    return batch
  }

  /** Notes an acknowledgement. @throws Error when the batch is known to be somewhere else */
  acknowledge(batch: SentBatch, offset: number): void {
    this.acknowledgedCount++
    if (batch.offset !== undefined && batch.offset !== offset) {
      throw new Error(`${this.name}: the batch at ${batch.offset} was acknowledged again at ${offset}`)
    }
    batch.offset = offset
  }

  /** Notes that the broker says to have made everything below `endOffset` durable. */
  flushed(endOffset: number): void {
    this.#durableEnd = Math.max(this.#durableEnd, endOffset)
  }

  /** Reads the partition through the broker and compares; answers the log end offset. @throws Error with what is wrong */
  async check(client: ClientConnection, loss: Loss): Promise<number> {
    const found = await this.#readAll(client)
    if (loss !== 'nothing') this.#gaps.clear()
    const end = this.#checkEach(found, loss)
    // The last segment may have lost everything but its name, which says where the log goes on.
    const { highWatermark } = await fetchPartition(client, {
      topic: this.topic,
      partition: this.partition,
      offset: end,
    })
    if (highWatermark > end) this.#acceptGap(end, highWatermark, loss)
    for (const batch of this.#sent.values()) {
      if (batch.offset === undefined) continue
      if (batch.offset < end && !this.#isInGap(batch.offset)) this.#expectFound(batch, found)
      else if (loss === 'nothing' || batch.offset < this.#durableEnd)
        throw new Error(`${this.name}: ${batch.offset} is gone, the log ends at ${end}`)
      else this.#forget(batch)
    }
    this.#durableEnd = Math.min(this.#durableEnd, highWatermark)
    return highWatermark
  }

  #acceptGap(from: number, to: number, loss: Loss): void {
    if (loss === 'nothing') return
    if (!loss.endsBefore.has(to))
      throw new Error(`${this.name}: ${from} to ${to} are missing, and no segment begins there`)
    this.#gaps.set(from, to)
  }

  /** Each batch found was sent, whole, once, behind the one before; answers where they end. */
  #checkEach(found: ReadonlyMap<number, FoundBatch>, loss: Loss): number {
    const seen = new Set<string>()
    let end = 0
    for (const { baseOffset, values } of found.values()) {
      if (baseOffset > end) this.#acceptGap(end, baseOffset, loss)
      end = this.#gaps.get(end) ?? end
      if (baseOffset !== end) throw new Error(`${this.name}: ${baseOffset} follows where ${end} was to come`)
      end += values.length
      const first = values[0]!
      if (seen.has(first)) throw new Error(`${this.name}: the batch at ${baseOffset} is there twice`)
      seen.add(first)
      const batch = this.#sent.get(first)
      if (batch === undefined) throw new Error(`${this.name}: nobody sent the batch at ${baseOffset}`)
      if (batch.values.join() !== values.join()) throw new Error(`${this.name}: ${baseOffset} is not what was sent`)
      if (batch.offset === undefined) this.unacknowledgedCount++
      batch.offset ??= baseOffset
    }
    return end
  }

  #isInGap(offset: number): boolean {
    return [...this.#gaps].some(([from, to]) => offset >= from && offset < to)
  }

  #expectFound(batch: SentBatch, found: ReadonlyMap<number, FoundBatch>): void {
    if (found.get(batch.offset!)?.values[0] === batch.values[0]) return
    throw new Error(`${this.name}: ${batch.offset} does not hold what was acknowledged there`)
  }

  #forget(batch: SentBatch): void {
    this.lostCount++
    this.#sent.delete(batch.values[0]!)
  }

  async #readAll(client: ClientConnection): Promise<Map<number, FoundBatch>> {
    const found = new Map<number, FoundBatch>()
    for (let offset = 0; ; ) {
      const batches = await readBatches(client, { topic: this.topic, partition: this.partition, offset })
      if (batches.length === 0) return found
      for (const batch of batches) found.set(batch.baseOffset, contentOf(batch))
      offset = batches.at(-1)!.nextOffset
    }
  }
}

/** Fetches once and answers whole batches with right checksums. @throws Error when the broker answers an error */
export async function readBatches(
  client: ClientConnection,
  from: { readonly topic: string; readonly partition: number; readonly offset: number },
): Promise<RecordBatchView[]> {
  const { topic, partition } = from
  const { records } = await fetchPartition(client, from)
  const batches = [...recordBatches(records ?? new Uint8Array(), { strict: true })]
  for (const batch of batches) {
    if (!batch.hasValidCrc()) throw new Error(`${topic}-${partition}: the batch at ${batch.baseOffset} is corrupt`)
  }
  return batches
}

async function fetchPartition(
  client: ClientConnection,
  from: { readonly topic: string; readonly partition: number; readonly offset: number },
) {
  const { topic, partition, offset } = from
  const partitions = [{ partition, fetchOffset: offset, partitionMaxBytes: 1_048_576 }]
  const response = await client.request(apis.fetch, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_048_576,
    topics: [{ topic, partitions }],
  })
  const answer = response.responses[0]?.partitions[0]
  if (answer === undefined || answer.errorCode !== 0) {
    throw new Error(`${topic}-${partition}: Fetch from ${offset} answers ${answer?.errorCode ?? response.errorCode}`)
  }
  return answer
}

function contentOf(batch: RecordBatchView): FoundBatch {
  const values = Array.from(batch.records(), ({ value }) => Buffer.from(value ?? new Uint8Array()).toString('latin1'))
  return { baseOffset: batch.baseOffset, values }
}

import { errors, RecordBatchBuilder } from '@odradek/protocol'
import type { SimRandom } from '@odradek/runtime/sim'
import { apis } from './client-apis.ts'
import { type ClientConnection, ConnectionEnded } from './client-connection.ts'
import type { PartitionLedger, SentBatch } from './partition-ledger.ts'

/** How a producer sends. */
export interface PartitionProducerOptions {
  readonly name: string
  readonly ledger: PartitionLedger
  readonly random: SimRandom
  readonly isIdempotent: boolean
  /** Values are up to so many characters. */
  readonly maxValueLength: number
  /** Wall-clock time, milliseconds. */
  now(): number
  /** Told of each producer id the broker gave. */
  gotProducerId?(producerId: number): void
}

interface QueuedBatch {
  readonly sent: SentBatch
  readonly bytes: Uint8Array
  attempts: number
}

const maxInFlight = 5

/**
 * A producer of one partition. An idempotent one sends what was not acknowledged again, under the same sequence numbers, until it
 * is, whatever happens to broker and connection; another one sends everything once.
 */
export class PartitionProducer {
  readonly #options: PartitionProducerOptions
  #producerId: number | undefined
  #sequence = 0
  #count = 0
  #queue: QueuedBatch[] = []
  /** How often the answer was KAFKA_STORAGE_ERROR. */
  storageErrors = 0

  constructor(options: PartitionProducerOptions) {
    this.#options = options
  }

  /** Begins anew with another producer id, as after a loss that the broker cannot make good. */
  reset(): void {
    this.#producerId = undefined
    this.#queue = []
  }

  /** Sends bursts of batches, all in flight at once, until the connection ends or the disk fails. */
  async run(client: ClientConnection, pause: () => Promise<void>): Promise<void> {
    try {
      if (this.#options.isIdempotent && !(await this.#initialise(client))) return
      while (client.isOpen && (await this.#burst(client))) await pause()
    } catch (error) {
      if (!(error instanceof ConnectionEnded)) throw error
    } finally {
      if (!this.#options.isIdempotent) this.#queue = []
    }
  }

  async #initialise(client: ClientConnection): Promise<boolean> {
    if (this.#producerId !== undefined) return true
    const request = { transactionalId: null, transactionTimeoutMs: 1000 }
    const { errorCode, producerId } = await client.request(apis.initProducerId, request)
    if (errorCode !== 0) return false
    this.#options.gotProducerId?.(producerId)
    this.#producerId = producerId
    this.#sequence = 0
    return true
  }

  async #burst(client: ClientConnection): Promise<boolean> {
    const { random, ledger } = this.#options
    for (let more = 1 + random.nextInt(maxInFlight); this.#queue.length < more; ) this.#queue.push(this.#newBatch())
    const batches = this.#queue.slice(0, maxInFlight)
    for (const batch of batches) batch.attempts++
    const answers = await Promise.allSettled(batches.map(({ bytes }) => this.#send(client, bytes)))
    for (const [index, answer] of answers.entries()) {
      if (answer.status === 'rejected') throw answer.reason
      const { errorCode, baseOffset } = answer.value
      if (errorCode === errors.KAFKA_STORAGE_ERROR.code) this.storageErrors++
      // The disk failed, or the broker gives up what it leads since it is about to stop.
      if (errorCode === errors.KAFKA_STORAGE_ERROR.code || errorCode === errors.NOT_LEADER_OR_FOLLOWER.code)
        return false
      if (errorCode === errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code && batches[index]!.attempts > 1) {
        // Across a producer snapshot Kafka's format keeps one batch of a producer: one before it is no longer known as a duplicate,
        // and whether it was written stays open, as it does for Kafka's own producer.
        this.#queue.shift()
        continue
      }
      if (errorCode !== 0) throw new Error(`${ledger.name}: ${this.#options.name} is answered ${errorCode}`)
      ledger.acknowledge(batches[index]!.sent, baseOffset)
      this.#queue.shift()
    }
    return true
  }

  async #send(client: ClientConnection, bytes: Uint8Array) {
    const { topic, partition } = this.#options.ledger
    const acks = this.#options.isIdempotent ? -1 : 1
    const partitionData = [{ index: partition, records: bytes.slice() }]
    const response = await client.request(apis.produce, {
      acks,
      timeoutMs: 30_000,
      topicData: [{ name: topic, partitionData }],
    })
    return response.responses[0]!.partitionResponses[0]!
  }

  #newBatch(): QueuedBatch {
    const { random, ledger, name } = this.#options
    const producerId = this.#producerId
    const builder = new RecordBatchBuilder(
      producerId === undefined
        ? {}
        : { producer: { producerId, producerEpoch: 0, baseSequence: this.#sequence, isTransactional: false } },
    )
    const values: string[] = []
    for (let record = 1 + random.nextInt(3); record > 0; record--) {
      const value = `${name}/${this.#count++}`.padEnd(random.nextInt(this.#options.maxValueLength), '.')
      values.push(value)
      builder.append({ value, timestamp: this.#options.now() })
    }
    this.#sequence += values.length
    return { sent: ledger.send(values), bytes: builder.close().slice(), attempts: 0 }
  }
}

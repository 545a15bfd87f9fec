import { Producer } from '@odradek/producer'
import kafkajs from 'kafkajs'
import { recordPool } from '../producer-client/record-pool.ts'
import type { Filling } from './workload.ts'

const recordsPerSend = 1_000
const sendingEveryMs = 2

/** The topics of one broker, each filled once by this project's producer and read by everyone. */
export class FilledTopics {
  readonly #bootstrap: string
  readonly #names = new Map<string, string>()

  constructor(bootstrap: string) {
    this.#bootstrap = bootstrap
  }

  /** The topic with that in it: one partition without keys, six with. */
  async of(filling: Filling): Promise<string> {
    const wanted = JSON.stringify(filling)
    const known = this.#names.get(wanted)
    if (known !== undefined) return known
    const topic = await this.fresh(filling.keyed ? 6 : 1)
    await this.#fill(topic, filling)
    this.#names.set(wanted, topic)
    return topic
  }

  /** A new topic with nothing in it. */
  async fresh(numPartitions: number): Promise<string> {
    const topic = `bench-${process.hrtime.bigint()}`
    const kafka = new kafkajs.Kafka({ brokers: [this.#bootstrap], logLevel: kafkajs.logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    try {
      await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: true })
    } finally {
      await admin.disconnect()
    }
    return topic
  }

  /** Sends the time, as text in nanoseconds of the clock that all processes share, again and again until `reading` has ended. */
  async sendTimesDuring<T>(topic: string, reading: Promise<T>): Promise<T> {
    await using producer = new Producer({ bootstrapServers: this.#bootstrap, lingerMs: 0 })
    let isReading = true
    const ended = reading.finally(() => {
      isReading = false
    })
    const sending = async () => {
      while (isReading) {
        await producer.send({ topic, value: String(process.hrtime.bigint()) })
        await new Promise((resolve) => setTimeout(resolve, sendingEveryMs))
      }
    }
    const [result] = await Promise.all([ended, sending()])
    return result
  }

  async #fill(topic: string, { records, recordBytes, keyed, compression }: Filling): Promise<void> {
    const pool = recordPool({ recordBytes, keyed }).map(({ key, value }) => ({ topic, key, value }))
    await using producer = new Producer({ bootstrapServers: this.#bootstrap, compressionType: compression })
    for (let sent = 0; sent < records; sent += recordsPerSend) {
      const from = sent % pool.length
      await producer.send(pool.slice(from, from + Math.min(recordsPerSend, records - sent)))
    }
  }
}

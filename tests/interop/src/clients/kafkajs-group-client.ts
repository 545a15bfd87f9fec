import { rangeAssigner, roundRobinAssigner, stickyAssigner } from '@odradek/strategies/kafkajs'
import kafkajs from 'kafkajs'
import type { GroupClient, GroupMember, GroupProtocol, JoinRequest, Polled } from '../group-client.ts'
import { base64, type ConsumedRecord } from '../record.ts'

const assigners = { range: rangeAssigner, roundrobin: roundRobinAssigner }

/** kafkajs with Kafka's assignors, which it does not bring itself: its own round robin goes by another name. */
export class KafkajsGroupClient implements GroupClient {
  readonly name = 'kafkajs'
  readonly protocols: readonly GroupProtocol[] = ['range', 'roundrobin', 'sticky']

  async join({ bootstrap, groupId, topics, protocol }: JoinRequest): Promise<GroupMember> {
    const kafka = new kafkajs.Kafka({
      clientId: 'interop',
      brokers: bootstrap.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    })
    const sticky = stickyAssigner()
    const assigner = { ...assigners, sticky }[protocol as 'range' | 'roundrobin' | 'sticky']
    const consumer = kafka.consumer({
      groupId,
      partitionAssigners: [assigner],
      heartbeatInterval: 200,
      sessionTimeout: 20_000,
      maxWaitTimeInMs: 100,
      retry: { initialRetryTime: 50 },
      allowAutoTopicCreation: false,
    })
    sticky.follow(consumer)
    const member = new KafkajsMember(consumer)
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => member.came(topic, partition, message),
    })
    return member
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every member has its own connections.
  }
}

class KafkajsMember implements GroupMember {
  readonly #consumer: kafkajs.Consumer
  #records: ConsumedRecord[] = []
  #assignment: readonly string[] = []
  /** The next offset of each partition that was polled. */
  readonly #polled = new Map<string, { topic: string; partition: number; offset: string }>()
  #came: { topic: string; partition: number; offset: number }[] = []

  constructor(consumer: kafkajs.Consumer) {
    this.#consumer = consumer
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const assigned = Object.entries(payload.memberAssignment)
      this.#assignment = assigned
        .flatMap(([topic, partitions]) => partitions.map((index) => `${topic}-${index}`))
        .sort()
    })
    consumer.on(consumer.events.REBALANCING, () => {
      this.#assignment = []
      // What nobody polled is read again from the committed offset, by whoever gets the partition.
      this.#records = []
      this.#came = []
      this.#polled.clear()
    })
  }

  came(topic: string, partition: number, { key, value, headers, timestamp, offset }: kafkajs.KafkaMessage): void {
    const pairs = Object.entries(headers ?? {}).flatMap(([name, content]) =>
      [content ?? null].flat().map((one) => [name, base64(one)] as const),
    )
    this.#came.push({ topic, partition, offset: Number(offset) })
    this.#records.push({
      partition,
      offset: Number(offset),
      timestamp: Number(timestamp),
      key: base64(key),
      value: base64(value),
      headers: pairs,
    })
  }

  async poll(): Promise<Polled> {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const records = this.#records
    this.#records = []
    for (const { topic, partition, offset } of this.#came) {
      this.#polled.set(`${topic}-${partition}`, { topic, partition, offset: String(offset + 1) })
    }
    this.#came = []
    return { records, assignment: this.#assignment }
  }

  async commit(): Promise<void> {
    if (this.#polled.size > 0) await this.#consumer.commitOffsets([...this.#polled.values()])
    this.#polled.clear()
  }

  async leave(): Promise<void> {
    await this.#consumer.disconnect()
  }
}

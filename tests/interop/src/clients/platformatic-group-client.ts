import {
  Consumer,
  type ConsumerOptions,
  cooperativeStickyAssigner,
  type MessagesStream,
  roundRobinAssigner,
} from '@platformatic/kafka'
import type { GroupClient, GroupMember, GroupProtocol, JoinRequest, Polled } from '../group-client.ts'
import { base64, type ConsumedRecord } from '../record.ts'

const assigners = { roundrobin: roundRobinAssigner, 'cooperative-sticky': cooperativeStickyAssigner }

/** @platformatic/kafka: its stream over a group of its own two assignors, or of the consumer protocol. */
export class PlatformaticGroupClient implements GroupClient {
  readonly name = 'platformatic'
  readonly protocols: readonly GroupProtocol[] = ['roundrobin', 'cooperative-sticky', 'consumer']

  async join({ bootstrap, groupId, topics, protocol }: JoinRequest): Promise<GroupMember> {
    const consumer = new Consumer({
      clientId: 'interop',
      groupId,
      bootstrapBrokers: bootstrap.split(','),
      maxWaitTime: 100,
      ...protocolOptions(protocol),
    })
    const stream = await consumer.consume({
      topics: [...topics],
      autocommit: false,
      mode: 'committed',
      fallbackMode: 'earliest',
    })
    return new PlatformaticMember(consumer, stream)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every member has its own connections.
  }
}

function protocolOptions(protocol: GroupProtocol): Partial<ConsumerOptions<Buffer, Buffer, Buffer, Buffer>> {
  if (protocol === 'consumer') return { groupProtocol: 'consumer', groupRemoteAssignor: 'uniform' }
  return {
    heartbeatInterval: 200,
    sessionTimeout: 20_000,
    rebalanceTimeout: 20_000,
    protocols: [{ name: protocol, version: protocol === 'roundrobin' ? 0 : 1 }],
    partitionAssigner: assigners[protocol as keyof typeof assigners],
  }
}

class PlatformaticMember implements GroupMember {
  readonly #consumer: Consumer
  readonly #stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>
  #records: ConsumedRecord[] = []
  #topics = new Map<number, string>()
  #polled = new Map<number, bigint>()
  #error: Error | undefined

  constructor(consumer: Consumer, stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>) {
    this.#consumer = consumer
    this.#stream = stream
    stream.on('error', (error) => {
      this.#error = error
    })
    stream.on('data', ({ topic, partition, offset, timestamp, key, value, headers }) => {
      this.#topics.set(partition, topic)
      const pairs = [...headers].map(([name, content]) => [name.toString('utf8'), base64(content)] as const)
      this.#records.push({
        partition,
        offset: Number(offset),
        timestamp: Number(timestamp),
        key: base64(key ?? null),
        value: base64(value ?? null),
        headers: pairs,
      })
    })
  }

  async poll(): Promise<Polled> {
    await new Promise((resolve) => setTimeout(resolve, 100))
    if (this.#error !== undefined) throw this.#error
    const records = this.#records
    this.#records = []
    for (const { partition, offset } of records) this.#polled.set(partition, BigInt(offset))
    const assigned = this.#consumer.assignments ?? []
    return {
      records,
      assignment: assigned
        .flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}-${partition}`))
        .sort(),
    }
  }

  async commit(): Promise<void> {
    const mine = new Set((this.#consumer.assignments ?? []).flatMap(({ partitions }) => partitions))
    const offsets = [...this.#polled]
      .filter(([partition]) => mine.has(partition))
      // It takes the next offset, as the protocol does.
      .map(([partition, offset]) => ({
        topic: this.#topics.get(partition)!,
        partition,
        offset: offset + 1n,
        leaderEpoch: -1,
      }))
    this.#polled.clear()
    if (offsets.length > 0) await this.#consumer.commit({ offsets })
  }

  async leave(): Promise<void> {
    await this.#stream.close()
    await this.#consumer.close(true)
  }
}

import { type RunningBroker, startBroker } from '@odradek/broker-core'
import { staticLayers } from '@odradek/broker-core/config'
import { ConfigTable, clientConfigs, createClientCore, securityConfigs } from '@odradek/client'
import type { ConsumerOptions } from '@odradek/consumer'
import { Producer } from '@odradek/producer'
import { createTopicsRequest, createTopicsResponse } from '@odradek/protocol/messages'
import { type SimNode, SimWorld } from '@odradek/runtime/sim'
import { GroupMember } from './group-member.ts'

const port = 9092
const bootstrapServers = `broker:${port}`
const createTopicsApi = { request: createTopicsRequest, response: createTopicsResponse }
const adminConfigs = new ConfigTable({ ...clientConfigs, ...securityConfigs })

const defaults: Readonly<Record<string, string>> = {
  'node.id': '1',
  'process.roles': 'broker,controller',
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': 'data',
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'group.consumer.heartbeat.interval.ms': '500',
  'group.consumer.min.heartbeat.interval.ms': '500',
  'group.consumer.session.timeout.ms': '6000',
  'group.consumer.min.session.timeout.ms': '6000',
}

/** What a member is made with when a test does not say otherwise: times of a second or so, in which a test can wait. */
export const memberDefaults = {
  groupId: 'group',
  autoOffsetReset: 'earliest',
  heartbeatIntervalMs: 500,
  sessionTimeoutMs: 6_000,
  autoCommitIntervalMs: 1_000,
} satisfies Partial<ConsumerOptions>

/** The time-outs of the classic protocol are the broker's under the new one. */
const consumerProtocolDefaults = {
  groupId: 'group',
  autoOffsetReset: 'earliest',
  autoCommitIntervalMs: 1_000,
} satisfies Partial<ConsumerOptions>

/** One broker of ours on a simulated machine, and consumers on machines of their own, in virtual time. */
export class GroupWorld {
  readonly world: SimWorld
  readonly members: GroupMember[] = []
  readonly #node: SimNode
  #running: RunningBroker | undefined
  #producer: Producer | undefined
  #clients = 0

  private constructor(seed: number) {
    this.world = new SimWorld({ seed })
    this.#node = this.world.node('broker')
  }

  /** A broker that has a topic. */
  static async start({ seed = 1, partitions = 4, topic = 'orders' } = {}): Promise<GroupWorld> {
    const world = new GroupWorld(seed)
    await world.startBroker()
    await world.createTopic(topic, partitions)
    return world
  }

  /** Starts the broker, on the data it had. */
  async startBroker(): Promise<void> {
    const { storage, transport, clock, random } = this.#node.start()
    const started = startBroker({
      layers: staticLayers(Object.entries(defaults)),
      listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'broker', port }],
      formatWithClusterId: 'test-cluster-id-000000',
      storage,
      inMemory: false,
      transport,
      clock,
      random,
    })
    this.#running = await this.world.settle(started)
  }

  /** Ends the broker as `kill -9` does. What it wrote is on the machine. */
  killBroker(): void {
    this.#node.kill()
    this.#running = undefined
  }

  get isBrokerUp(): boolean {
    return this.#running !== undefined
  }

  async createTopic(name: string, numPartitions: number): Promise<void> {
    const ports = this.world.node(`admin ${name}`).start()
    const core = createClientCore({
      config: adminConfigs.parse({ bootstrapServers }).values,
      ports,
      metadataMaxIdleMs: 300_000,
      allowAutoTopicCreation: false,
    })
    const topics = [{ name, numPartitions, replicationFactor: 1 }]
    const asked = core.network.request(core.network.leastLoadedNode(), createTopicsApi, { topics, timeoutMs: 1_000 })
    const [created] = (await this.world.settle(asked)).topics
    core.close()
    if (created?.errorCode !== 0) throw new Error(`topic ${name}: ${created?.errorMessage}`)
  }

  /** Sends one record to each partition, `count` times; values are numbers that say nothing. */
  async produce({ topic = 'orders', partitions = 4, count = 1 } = {}): Promise<void> {
    await this.world.settle(this.send({ topic, partitions, count }))
  }

  /** Like `produce`, for others to wait for. */
  async send({ topic = 'orders', partitions = 4, count = 1 } = {}): Promise<void> {
    this.#producer ??= new Producer({ bootstrapServers, ...this.world.node('producer').start() })
    const records = Array.from({ length: count * partitions }, (_, index) => ({
      topic,
      partition: index % partitions,
      value: `${index}`,
    }))
    await this.#producer.send(records)
  }

  /** A consumer on a machine of its own. It does nothing before `start`. */
  member(name: string, options: Partial<ConsumerOptions> = {}): GroupMember {
    const process = this.world.node(`${name} ${++this.#clients}`)
    const isNew = options.groupProtocol === 'consumer'
    const given = {
      bootstrapServers,
      clientId: name,
      ...(isNew ? consumerProtocolDefaults : memberDefaults),
      ...options,
    }
    const member = new GroupMember({ name, node: process, world: this.world, options: given })
    this.members.push(member)
    return member
  }

  /** Lets time pass until something holds. */
  async until(condition: () => boolean, withinMs = 60_000): Promise<void> {
    await this.world.runUntil(condition, { withinMs })
  }

  /** Lets time pass until the members share the partitions, each with as many as said. */
  async untilShared(shares: readonly (readonly [GroupMember, number])[], withinMs = 60_000): Promise<void> {
    await this.until(() => shares.every(([member, count]) => member.owned.size === count), withinMs)
  }

  /** Ends all members and the broker. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.members) await this.world.settle(member.stop())
    if (this.#producer !== undefined) await this.world.settle(this.#producer.close({ timeoutMs: 1_000 }))
    if (this.#running !== undefined) await this.world.settle(this.#running.close())
  }
}

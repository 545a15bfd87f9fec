/** What a broker holds, read through Kafka's own Java clients: the two sides of every "same data" comparison. */
import { codecs } from './foreign-client.ts'
import type { LineDriver } from './line-driver.ts'
import { base64, brief, type ConsumedRecord, type InteropRecord } from './record.ts'
import { trickyRecords } from './records.ts'

/** Everything the suite compares of a broker. */
export interface BrokerContents {
  readonly topics: Readonly<Record<string, TopicContents>>
  /** Dynamic configs of broker 1, cluster defaults included, as `source:name` and value. */
  readonly brokerConfigs: Readonly<Record<string, string | null>>
  readonly groups: Readonly<Record<string, GroupContents>>
}

/** A group: its type, protocol and state as the admin client lists them, and its committed offsets by `topic-partition`. */
export interface GroupContents {
  readonly listing: string
  readonly offsets: Readonly<Record<string, CommittedOffset>>
}

interface CommittedOffset {
  readonly offset: number
  readonly leaderEpoch: number | null
  readonly metadata: string
}

/** A topic: its id, the configs that somebody set, and its partitions. Internal topics have no records here. */
export interface TopicContents {
  readonly topicId: string
  readonly configs: Readonly<Record<string, string | null>>
  readonly partitions: readonly PartitionContents[]
}

/** A partition from its first to its last offset. */
export interface PartitionContents {
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly maxTimestamp: ListedOffset
  readonly records: readonly ConsumedRecord[]
  /** Offsets of the records that a read_committed consumer gets. */
  readonly committedOffsets: readonly number[]
}

interface ListedOffset {
  readonly offset: number
  readonly timestamp: number
}

interface Outcome<Value> {
  readonly value?: Value
  readonly error?: { readonly name: string; readonly message: string }
}

interface ConfigEntry {
  readonly value: string | null
  readonly source: string
}

interface Produced {
  readonly topic: string
  readonly partition: number
  readonly records: readonly InteropRecord[]
  readonly config?: Readonly<Record<string, string>>
}

// Fixed times, so that a stored directory reads the same; retention is off on every topic.
const firstTimestamp = 1_750_000_000_000
const tenMinutesMs = 600_000

/** The same contents with long values told by length and hash, so that they can be stored and a failed comparison can be read. */
export function briefContents(contents: BrokerContents): BrokerContents {
  const topics = Object.entries(contents.topics).map(([name, topic]) => {
    const partitions = topic.partitions.map((partition) => ({ ...partition, records: partition.records.map(brief) }))
    return [name, { ...topic, partitions }] as const
  })
  return { ...contents, topics: Object.fromEntries(topics) }
}

/** Speaks to one broker through a Java driver. */
export class BrokerDescriber {
  readonly #java: LineDriver
  readonly #bootstrap: string

  constructor(java: LineDriver, bootstrap: string) {
    this.#java = java
    this.#bootstrap = bootstrap
  }

  /** Topics of every kind: codecs, compaction, several segments, deleted records, broker time, grown, deleted, configs changed. */
  async fill(): Promise<void> {
    const forever = { 'retention.ms': '-1' }
    await this.#create('codecs', codecs.length, forever)
    await this.#create('compacted', 1, { ...forever, 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.9' })
    await this.#create('rolled', 1, { ...forever, 'segment.ms': '60000' })
    await this.#create('trimmed', 1, forever)
    await this.#create('broker-time', 1, { ...forever, 'message.timestamp.type': 'LogAppendTime' })
    await this.#create('grown', 1, forever)
    await this.#create('altered', 1, { ...forever, 'max.message.bytes': '2000000', 'segment.bytes': '2097152' })
    await this.#create('gone', 1, forever)
    for (const [partition, codec] of codecs.entries()) {
      const records = trickyRecords(firstTimestamp, {})
      await this.#produce({ topic: 'codecs', partition, records, config: { 'compression.type': codec } })
    }
    await this.#produce({ topic: 'compacted', partition: 0, records: keyedRecords(10) })
    for (let segment = 0; segment < 4; segment++) {
      await this.#produce({
        topic: 'rolled',
        partition: 0,
        records: plainRecords(3, firstTimestamp + segment * tenMinutesMs),
      })
    }
    await this.#produce({ topic: 'trimmed', partition: 0, records: plainRecords(20, firstTimestamp) })
    await this.#ask('deleteRecords', { topic: 'trimmed', partition: 0, offset: 7 })
    await this.#produce({ topic: 'broker-time', partition: 0, records: plainRecords(3, firstTimestamp) })
    await this.#produce({ topic: 'gone', partition: 0, records: plainRecords(3, firstTimestamp) })
    await this.#ask('createPartitions', { topics: { grown: 3 } })
    await this.#ask('deleteTopics', { topics: ['gone'] })
    const ops = [
      { op: 'DELETE', name: 'segment.bytes' },
      { op: 'SET', name: 'flush.messages', value: '1' },
      { op: 'APPEND', name: 'cleanup.policy', value: 'compact' },
    ]
    await this.#ask('incrementalAlterConfigs', { resource: { type: 'TOPIC', name: 'altered' }, ops })
    await this.#setBrokerConfig('1', 'log.cleaner.threads', '2')
    await this.#setBrokerConfig('', 'message.max.bytes', '1100000')
  }

  /** More records for what `fill` made: after a restart they carry a later leader epoch. */
  async append(): Promise<void> {
    const records = plainRecords(3, firstTimestamp + tenMinutesMs)
    for (const topic of ['codecs', 'compacted', 'trimmed']) await this.#produce({ topic, partition: 0, records })
    await this.#produce({ topic: 'grown', partition: 2, records })
  }

  /** Two committed transactions and an aborted one between them. */
  async transact(): Promise<void> {
    await this.#create('transactions', 1, { 'retention.ms': '-1' })
    const transaction = (abort: boolean, index: number) => ({
      topic: 'transactions',
      partition: 0,
      records: plainRecords(2, firstTimestamp + index * 1_000),
      abort,
    })
    await this.#ask('transactions', {
      config: { 'transactional.id': 'interop' },
      transactions: [transaction(false, 0), transaction(true, 1), transaction(false, 2)],
    })
  }

  /** Offsets committed without joining, by the classic protocol and by the consumer protocol of KIP-848. */
  async commitOffsets(): Promise<void> {
    await this.#ask('commit', { groupId: 'simple', topic: 'codecs', partition: 0, offset: 5, metadata: 'the fifth' })
    for (const protocol of ['classic', 'consumer']) {
      const group = { groupId: `${protocol}-group`, topics: ['rolled'], count: 12, commit: true }
      await this.#ask('subscribe', { ...group, config: { 'group.protocol': protocol } })
    }
  }

  /**
   * What `append` has just written to `grown`, read by a member of each protocol, whose group goes on from what it committed before.
   * Throws when another record comes first.
   */
  async readOn(): Promise<void> {
    const where = { topic: 'grown', partition: 2, specs: ['latest'] }
    const listed = await this.#ask<Record<string, Outcome<ListedOffset>>>('listOffsets', where)
    const appended = given(listed['latest']).offset - 3
    for (const protocol of ['classic', 'consumer']) {
      const group = { groupId: `${protocol}-readers`, topics: ['grown'], count: 3, commit: true }
      const config = { 'group.protocol': protocol }
      const [first] = await this.#ask<readonly ConsumedRecord[]>('subscribe', { ...group, config })
      if (first?.offset !== appended) throw new Error(`${group.groupId} began at ${first?.offset}`)
    }
  }

  /** Reads everything back. */
  async describe(): Promise<BrokerContents> {
    const names = await this.#ask<readonly string[]>('listTopics', {})
    const topics: Record<string, TopicContents> = {}
    for (const name of names) topics[name] = await this.#topic(name)
    const brokerConfigs = await this.#dynamicConfigs({ type: 'BROKER', name: '1' }, [
      'DYNAMIC_BROKER_CONFIG',
      'DYNAMIC_DEFAULT_BROKER_CONFIG',
    ])
    const listed = await this.#ask<Readonly<Record<string, string>>>('listGroups', {})
    const groups: Record<string, GroupContents> = {}
    for (const [groupId, listing] of Object.entries(listed)) {
      const offsets = await this.#ask<Outcome<GroupContents['offsets']>>('groupOffsets', { groupId })
      groups[groupId] = { listing, offsets: given(offsets) }
    }
    return { topics, brokerConfigs, groups }
  }

  async #topic(name: string): Promise<TopicContents> {
    const described = await this.#ask<
      Record<string, Outcome<{ topicId: string; internal: boolean; partitions: unknown[] }>>
    >('describeTopics', { topics: [name] })
    const { topicId, internal, partitions } = given(described[name])
    const configs = await this.#dynamicConfigs({ type: 'TOPIC', name }, ['DYNAMIC_TOPIC_CONFIG'])
    const read = internal ? [] : partitions.map((_, partition) => this.#partition(name, partition))
    return { topicId, configs, partitions: await Promise.all(read) }
  }

  async #partition(topic: string, partition: number): Promise<PartitionContents> {
    const specs = ['earliest', 'latest', 'maxTimestamp']
    const listed = await this.#ask<Record<string, Outcome<ListedOffset>>>('listOffsets', { topic, partition, specs })
    const logStartOffset = given(listed['earliest']).offset
    const from = { topic, partition, offset: logStartOffset }
    const records = await this.#ask<readonly ConsumedRecord[]>('read', from)
    const committed = await this.#ask<readonly ConsumedRecord[]>('read', {
      ...from,
      config: { 'isolation.level': 'read_committed' },
    })
    const { offset, timestamp } = given(listed['maxTimestamp'])
    return {
      logStartOffset,
      logEndOffset: given(listed['latest']).offset,
      maxTimestamp: { offset, timestamp },
      records,
      committedOffsets: committed.map((record) => record.offset),
    }
  }

  async #dynamicConfigs(
    resource: { type: string; name: string },
    sources: readonly string[],
  ): Promise<Record<string, string | null>> {
    const entries = given(await this.#ask<Outcome<Record<string, ConfigEntry>>>('describeConfigs', { resource }))
    const set = Object.entries(entries).filter(([, { source }]) => sources.includes(source))
    return Object.fromEntries(set.map(([name, { value }]) => [name, value]))
  }

  async #create(name: string, partitions: number, configs: Readonly<Record<string, string>>): Promise<void> {
    await this.#ask('createTopics', { topics: [{ name, partitions, replicationFactor: 1, configs }] })
  }

  async #produce(produced: Produced): Promise<void> {
    await this.#ask('produce', produced)
  }

  async #setBrokerConfig(broker: string, name: string, value: string): Promise<void> {
    await this.#ask('incrementalAlterConfigs', {
      resource: { type: 'BROKER', name: broker },
      ops: [{ op: 'SET', name, value }],
    })
  }

  /** Asks the driver, and throws what any single item of the answer failed with. */
  async #ask<Result>(op: string, args: object): Promise<Result> {
    const answer = await this.#java.request<Result>(op, { bootstrap: this.#bootstrap, ...args })
    for (const outcome of [answer, ...Object.values(answer ?? {})] as (Outcome<unknown> | null)[]) {
      if (typeof outcome === 'object' && outcome?.error !== undefined)
        throw new Error(`${op}: ${outcome.error.message}`)
    }
    return answer
  }
}

function given<Value>(outcome: Outcome<Value> | undefined): Value {
  if (outcome?.value === undefined) throw new Error(`no value but ${JSON.stringify(outcome)}`)
  return outcome.value
}

function plainRecords(count: number, timestamp: number): readonly InteropRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    key: base64(`key-${index}`),
    value: base64(`value-${timestamp}-${index}`),
    headers: [],
    timestamp: timestamp + index,
  }))
}

/** Three keys, each written several times, one of them deleted at the end. */
function keyedRecords(count: number): readonly InteropRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    key: base64(`key-${index % 3}`),
    value: index === count - 1 ? null : base64(`version ${index}`),
    headers: [],
    timestamp: firstTimestamp + index,
  }))
}

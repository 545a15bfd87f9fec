import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopics, uniqueTopic } from '../src/create-topics.ts'
import { type GroupClient, groupProtocols } from '../src/group-client.ts'
import { startGroupClients } from '../src/group-clients.ts'
import { MixedGroup } from '../src/mixed-group.ts'
import { fullSuite, startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

const availability = targetNames().map((name) => ({ name, why: targetMissing(name) }))
const partitions = 12
const perPartition = 5

let clients: readonly GroupClient[]
beforeAll(async () => {
  clients = await startGroupClients()
}, 120_000)
afterAll(async () => {
  await Promise.all((clients ?? []).map((client) => client[Symbol.asyncDispose]()))
})

/**
 * kafka-go announces version 1 of the subscription and writes version 0. Java, kafkajs with Kafka's assignors and librdkafka refuse such a
 * member when they lead, so it has groups with those that bear it.
 */
const withKafkaGo = ['franz-go', 'sarama', 'aiokafka', 'kafka-go']
const mixtures = [
  ...groupProtocols.map((protocol) => ({
    protocol,
    without: ['kafka-go'],
    who: 'every client but kafka-go that knows it',
    isQuick: protocol === 'range' || protocol === 'consumer',
  })),
  ...(['range', 'roundrobin'] as const).map((protocol) => ({
    protocol,
    without: ['java', 'kafkajs', 'odradek', 'platformatic', 'confluent-kafka'],
    who: withKafkaGo.join(', '),
    isQuick: false,
  })),
].filter(({ isQuick }) => fullSuite || isQuick)

describe.each(availability)('groups on $name', ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  beforeAll(async () => {
    target = await startTarget(name)
  }, 60_000)
  afterAll(async () => {
    await target?.[Symbol.asyncDispose]()
  })

  /** Writes a few records into each partition and returns their values, sorted. */
  const write = async (topic: string, wave: string) => {
    const kafka = new kafkajs.Kafka({ brokers: [target.bootstrap], logLevel: kafkajs.logLevel.NOTHING })
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    const messages = Array.from({ length: partitions * perPartition }, (_, index) => {
      const partition = index % partitions
      return { partition, value: `${wave}-${partition}-${Math.floor(index / partitions)}` }
    })
    await producer.send({ topic, messages })
    await producer.disconnect()
    return messages.map(({ value }) => value).sort()
  }

  test.each(mixtures)(
    'by $protocol members of $who share a group, read every record and go on where another stopped',
    {
      timeout: 120_000,
    },
    async ({ protocol, without }) => {
      const topic = uniqueTopic(`shared-${protocol}`)
      await createTopics(target.bootstrap, [{ topic, partitions }])
      const all = Array.from({ length: partitions }, (_, partition) => `${topic}-${partition}`)
      const members = clients.filter(({ name, protocols }) => protocols.includes(protocol) && !without.includes(name))
      const request = { bootstrap: target.bootstrap, groupId: topic, topics: [topic], protocol }
      const group = new MixedGroup(request)

      for (const client of members) await group.join(client)
      await group.untilShared(all)
      const first = await write(topic, 'first')
      expect(await group.read(first)).toEqual(first)
      await group.commit()

      // The one who joined first leads a classic group: now another has to.
      await group.leave(members[0]!.name)
      await group.untilShared(all)
      const second = await write(topic, 'second')
      expect(await group.read(second)).toEqual(second)
      await group.commit()
      await group.leave()

      for (const client of members) {
        const wave = await write(topic, `alone-${client.name}`)
        await group.join(client)
        expect(await group.read(wave)).toEqual(wave)
        await group.commit()
        await group.leave()
      }
    },
  )
})

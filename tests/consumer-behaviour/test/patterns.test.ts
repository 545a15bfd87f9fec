import { Consumer, type ConsumerOptions, stringDeserializer } from '@odradek/consumer'
import { startTarget, type Target, targetMissing, targetNames } from '@odradek/producer-behaviour/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { readCount } from '../src/read.ts'

describe.each(targetNames())('subscriptions by pattern, against %s', (name) => {
  const why = targetMissing(name)
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let cluster: Cluster
  beforeAll(async () => {
    target = await startTarget(name)
    cluster = new Cluster(target.bootstrap)
  }, 60_000)
  afterAll(async () => {
    cluster?.[Symbol.dispose]()
    await target?.[Symbol.asyncDispose]()
  })
  const make = (options: Partial<ConsumerOptions<string, string>>) =>
    new Consumer<string, string>({
      bootstrapServers: target.bootstrap,
      autoOffsetReset: 'earliest',
      valueDeserializer: stringDeserializer,
      ...options,
    })
  const valuesOf = async (consumer: Consumer<string, string>, count: number) =>
    (await readCount(consumer, count)).map(({ value }) => value).toSorted()

  test.each(['classic', 'consumer'] as const)(
    'a RegExp takes topics that match, and those made later, protocol %s',
    async (groupProtocol) => {
      const prefix = cluster.topicName()
      const first = await cluster.createTopic({ name: `${prefix}-a` })
      const other = await cluster.createTopic()
      await cluster.send(first, ['one'])
      await cluster.send(other, ['not this'])
      await using consumer = make({ groupId: `${prefix}-group`, groupProtocol, metadataMaxAgeMs: 300 })
      consumer.subscribe(new RegExp(`^${prefix}-`))
      expect(await valuesOf(consumer, 1)).toEqual(['one'])
      const second = await cluster.createTopic({ name: `${prefix}-b` })
      await cluster.send(second, ['two'])
      expect(await valuesOf(consumer, 1)).toEqual(['two'])
      expect([...consumer.subscription()].toSorted()).toEqual([first, second])
    },
  )

  test('internal topics match only when they are asked for', async () => {
    const topic = await cluster.createTopic({ name: `__${cluster.topicName()}` })
    await cluster.send(topic, ['ours'])
    {
      await using committer = make({ groupId: `${topic}-committer` })
      await committer.commit({ topic, partition: 0, offset: 1 })
    }
    const seen = async (excludeInternalTopics: boolean) => {
      await using consumer = make({ groupId: `${topic}-${excludeInternalTopics}`, excludeInternalTopics })
      consumer.subscribe(new RegExp(`^(${topic}|__consumer_offsets)$`))
      await consumer.poll({ timeoutMs: 10_000 })
      return [...consumer.subscription()].toSorted()
    }
    expect(await seen(true)).toEqual([topic])
    expect(await seen(false)).toEqual(['__consumer_offsets', topic].toSorted())
  })

  test('a pattern in the notation of RE2/J is matched by the broker', async () => {
    const prefix = cluster.topicName()
    const topic = await cluster.createTopic({ name: `${prefix}-a` })
    await cluster.send(topic, ['one', 'two'])
    await using consumer = make({ groupId: `${prefix}-group`, groupProtocol: 'consumer' })
    consumer.subscribe({ pattern: `${prefix}-.*` })
    expect(await valuesOf(consumer, 2)).toEqual(['one', 'two'])
  })

  test('a pattern that RE2/J does not take is refused with the reason', async () => {
    await using consumer = make({ groupId: `${cluster.topicName()}-group`, groupProtocol: 'consumer' })
    consumer.subscribe({ pattern: '(' })
    const poll = async () => {
      for (;;) await consumer.poll({ timeoutMs: 1_000 })
    }
    await expect(poll()).rejects.toMatchObject({ code: 'INVALID_REGULAR_EXPRESSION' })
  })
})

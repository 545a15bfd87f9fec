import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DrivenGroupClient } from '../src/clients/driven-group-client.ts'
import { startJavaDriver } from '../src/clients/java.ts'
import { createTopics, uniqueTopic } from '../src/create-topics.ts'
import { groupProtocols, type JoinRequest } from '../src/group-client.ts'
import type { LineDriver } from '../src/line-driver.ts'
import { MixedGroup } from '../src/mixed-group.ts'
import { base64 } from '../src/record.ts'
import { missing } from '../src/runtimes.ts'
import { startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'

const withoutJava = missing('java')
const availability = targetNames().map((name) => ({ name, why: withoutJava ?? targetMissing(name) }))

describe.each(availability)('groups of Java members on $name', ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let driver: LineDriver
  let java: DrivenGroupClient
  beforeAll(async () => {
    ;[target, driver] = await Promise.all([startTarget(name), startJavaDriver()])
    java = new DrivenGroupClient(driver, 'java', groupProtocols)
  }, 60_000)
  afterAll(async () => {
    await driver?.close()
    await target?.[Symbol.asyncDispose]()
  })

  const ask = <Result>(op: string, args: object) => driver.request<Result>(op, { bootstrap: target.bootstrap, ...args })
  const newTopic = async (prefix: string, partitions = 4) => {
    const topic = uniqueTopic(prefix)
    await createTopics(target.bootstrap, [{ topic, partitions }])
    return topic
  }
  const partitionsOf = (topic: string, count = 4) => Array.from({ length: count }, (_, index) => `${topic}-${index}`)
  const newGroup = (topics: readonly string[], request: Partial<JoinRequest> = {}) =>
    new MixedGroup({ bootstrap: target.bootstrap, groupId: topics[0]!, topics, protocol: 'range', ...request })
  /** One record into each of four partitions. */
  const write = async (topic: string, wave: string) => {
    const values = ['0', '1', '2', '3'].map((partition) => `${wave}-${partition}`)
    await Promise.all(
      values.map((value, partition) =>
        ask('produce', { topic, partition, records: [{ key: null, value: base64(value), headers: [] }] }),
      ),
    )
    return values
  }
  const described = async (groupId: string) => {
    const { value } = await ask<{ value: { type: string; state: string; members: readonly unknown[] } }>(
      'describeGroup',
      {
        groupId,
      },
    )
    return { type: value.type, state: value.state, members: value.members.length }
  }
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { foreignName?: string }) => error.foreignName ?? String(error),
    )

  test('a group moves from the classic to the consumer protocol and back while its members are replaced one by one', {
    timeout: 120_000,
  }, async () => {
    const topic = await newTopic('rolled')
    const group = newGroup([topic])
    const step = async (wave: string) => {
      await group.untilShared(partitionsOf(topic))
      // Eager members give up everything in a rebalance, also what they have read and not committed.
      await group.untilSettled()
      await group.untilShared(partitionsOf(topic))
      const values = await write(topic, wave)
      const read = await group.read(values)
      await group.commit()
      return { read: read.join(), ...(await described(topic)) }
    }
    const after = (wave: string, type: string, members: number) => {
      return { read: [0, 1, 2, 3].map((index) => `${wave}-${index}`).join(), type, state: 'Stable', members }
    }
    await group.join(java, { name: 'old-1' })
    await group.join(java, { name: 'old-2' })
    expect(await step('classic')).toEqual(after('classic', 'Classic', 2))
    await group.join(java, { name: 'new-1', protocol: 'consumer' })
    expect(await step('upgraded')).toEqual(after('upgraded', 'Consumer', 3))
    await group.leave('old-1')
    expect(await step('half-way')).toEqual(after('half-way', 'Consumer', 2))
    await group.leave('new-1')
    expect(await step('downgraded')).toEqual(after('downgraded', 'Classic', 1))
    await group.join(java, { name: 'new-2', protocol: 'consumer' })
    await group.leave('old-2')
    expect(await step('all-new')).toEqual(after('all-new', 'Consumer', 1))
    await group.leave()
  })

  test('an empty group of either protocol is taken over by the other with its offsets', {
    timeout: 60_000,
  }, async () => {
    for (const [first, second] of [
      ['range', 'consumer'],
      ['consumer', 'range'],
    ] as const) {
      const topic = await newTopic(`${first}-to-${second}`)
      const group = newGroup([topic])
      for (const [wave, protocol] of [first, second].entries()) {
        const values = await write(topic, `wave-${wave}`)
        await group.join(java, { protocol })
        expect(await group.read(values)).toEqual(values)
        await group.commit()
        await group.leave()
      }
      expect(await described(topic)).toMatchObject({ state: 'Empty', members: 0 })
    }
  })

  test('a pattern is matched by the broker, against whole names', { timeout: 60_000 }, async () => {
    const word = uniqueTopic('pattern')
    const topics = [`${word}-a`, `${word}-b`, `${word}-other`, `x${word}-a`]
    await createTopics(
      target.bootstrap,
      topics.map((topic) => ({ topic })),
    )
    const group = newGroup([word], { protocol: 'consumer', pattern: `${word}-(a|b)` })
    await group.join(java)
    await group.untilShared([`${word}-a-0`, `${word}-b-0`])
    await group.leave()
    const invalid = newGroup([`${word}-invalid`], { protocol: 'consumer', pattern: '(' })
    await invalid.join(java)
    expect(await outcome(invalid.untilShared(['never']))).toBe('InvalidRegularExpression')
  })

  test('a static member that comes back keeps its partitions; a second one with its id fences the first or is refused', {
    timeout: 90_000,
  }, async () => {
    const topic = await newTopic('static')
    const [first, second] = [newGroup([topic]), newGroup([topic])]
    const config = { 'group.instance.id': 'i1' }
    await first.join(java, { name: 'static', config })
    await first.join(java, { name: 'dynamic' })
    await first.untilShared(partitionsOf(topic))
    const before = first.assignments()['static']
    await second.join(java, { name: 'static', config })
    const twin = second.untilShared(before!)
    const fenced = outcome(first.untilShared(['never']))
    expect([await fenced, await outcome(twin)]).toEqual(['FencedInstanceIdException', 'done'])

    const next = await newTopic('static-consumer')
    const held = newGroup([next], { protocol: 'consumer' })
    await held.join(java, { config })
    await held.untilShared(partitionsOf(next))
    const refused = newGroup([next], { protocol: 'consumer' })
    await refused.join(java, { config })
    expect(await outcome(refused.untilShared(['never']))).toBe('UnreleasedInstanceIdException')
    await held.leave()
    await second.leave()
  })

  test("an offset's metadata is bounded, and a deleted topic takes its offsets with it", {
    timeout: 60_000,
  }, async () => {
    const [topic, other] = [await newTopic('committed'), await newTopic('kept')]
    const groupId = topic
    const commit = (where: string, metadata: string) =>
      outcome(ask('commit', { groupId, topic: where, partition: 0, offset: 7, metadata }))
    expect(await commit(topic, 'm'.repeat(4097))).toBe('OffsetMetadataTooLarge')
    expect(await commit(topic, 'm'.repeat(4096))).toBe('done')
    expect(await commit(other, 'short')).toBe('done')
    const offsets = async () => await ask<{ value: object }>('groupOffsets', { groupId })
    expect(Object.keys((await offsets()).value)).toEqual([`${topic}-0`, `${other}-0`])
    await ask('deleteTopics', { topics: [topic] })
    await expect
      .poll(offsets)
      .toEqual({ value: { [`${other}-0`]: { offset: 7, leaderEpoch: null, metadata: 'short' } } })
  })
})

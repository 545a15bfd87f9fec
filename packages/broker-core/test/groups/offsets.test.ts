import { errors, recordBatches } from '@odradek/protocol'
import { decodeGroupRecord, type GroupRecord } from '@odradek/protocol/coordinator-records'
import { describe, expect, it } from 'vitest'
import { offsetCommit } from '../../src/handlers/08-offset-commit.ts'
import { offsetFetch } from '../../src/handlers/09-offset-fetch.ts'
import { deleteTopics } from '../../src/handlers/20-delete-topics.ts'
import { offsetDelete } from '../../src/handlers/47-offset-delete.ts'
import { TestBroker } from '../test-broker.ts'
import { testStartMs, turns } from '../test-clock.ts'
import { commit, committed, groupId, openGroups } from './group-client.ts'

/** What stands in the partition of `__consumer_offsets` that keeps the group. */
async function written(broker: TestBroker): Promise<readonly GroupRecord[]> {
  const log = broker.partitionLog('__consumer_offsets', broker.broker.groups.partitionFor(groupId))
  const read = await log.read(0, { maxBytes: 1e6, minOneMessage: true, isolation: 'log-end' })
  if (read.error !== undefined) throw new Error(read.message)
  const records = read.chunks.flatMap((chunk) => [...recordBatches(chunk)].flatMap((batch) => [...batch.records()]))
  return records.flatMap(({ key, value }) => decodeGroupRecord(key ?? new Uint8Array(0), value) ?? [])
}

describe('committed offsets', () => {
  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10])('are taken from clients of OffsetCommit version %i', async (version) => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const topicId = await broker.createTopic('t')
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: 'm' }]
    const topic = version >= 10 ? { topicId } : { name: 't' }
    const response = await broker.request(offsetCommit, version, {
      groupId,
      generationIdOrMemberEpoch: -1,
      topics: [{ ...topic, partitions }],
    })
    expect(response.topics).toMatchObject([{ ...topic, partitions: [{ partitionIndex: 0, errorCode: 0 }] }])
    const value = { offset: 7, leaderEpoch: -1, metadata: 'm', commitTimestamp: testStartMs, topicId }
    expect(await written(broker)).toMatchObject([
      { type: 'OffsetCommit', key: { group: groupId, topic: 't', partition: 0 }, version: 4, value },
    ])
  })

  it('are written in version 1 for clients that say how long they are kept', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: null }]
    const topics = [{ name: 't', partitions }]
    await broker.request(offsetCommit, 4, { groupId, generationIdOrMemberEpoch: -1, retentionTimeMs: 60_000, topics })
    expect(await written(broker)).toMatchObject([{ version: 1, value: { expireTimestamp: testStartMs + 60_000 } }])
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('are told to clients of OffsetFetch version %i', async (version) => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const topicId = await broker.createTopic('t', { partitions: 2 })
    await commit(broker, { topic: 't', offset: 7 })
    const topic = { ...(version >= 10 ? { topicId } : { name: 't' }), partitionIndexes: [0, 1] }
    const request = version >= 8 ? { groups: [{ groupId, topics: [topic] }] } : { groupId, topics: [topic] }
    const response = await broker.request(offsetFetch, version, request)
    const [group] = version >= 8 ? response.groups : [response]
    expect(group?.errorCode).toBe(0)
    const told = group?.topics[0]?.partitions.map(({ committedOffset, errorCode }) => [committedOffset, errorCode])
    expect(told).toEqual([
      [7, 0],
      [-1, 0],
    ])
  })

  it('are told all at once when no topics are named, with ids where the version has them', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const topicId = await broker.createTopic('t')
    await commit(broker, { topic: 't', offset: 7 })
    const { groups } = await broker.request(offsetFetch, 10, { groups: [{ groupId, topics: null }] })
    expect(groups[0]?.topics).toMatchObject([{ topicId, partitions: [{ partitionIndex: 0, committedOffset: 7 }] }])
    const older = await broker.request(offsetFetch, 2, { groupId, topics: null })
    expect(older.topics).toMatchObject([{ name: 't', partitions: [{ committedOffset: 7 }] }])
  })

  it('are refused for topics and partitions that do not exist, and taken for the others', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    const partition = (partitionIndex: number) => ({ partitionIndex, committedOffset: 7, committedMetadata: null })
    const { topics } = await broker.request(offsetCommit, 9, {
      groupId,
      generationIdOrMemberEpoch: -1,
      topics: [
        { name: 't', partitions: [partition(0), partition(5)] },
        { name: 'x', partitions: [partition(0)] },
      ],
    })
    const unknown = errors.UNKNOWN_TOPIC_OR_PARTITION.code
    const codes = topics.map(({ name, partitions }) => [
      name,
      ...partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]).sort(),
    ])
    expect(codes).toEqual([
      ['t', [0, 0], [5, unknown]],
      ['x', [0, unknown]],
    ])
  })

  it('are refused and not told for ids no topic has', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    const topicId = 'AAAAAAAAAAAAAAAAAAAAAw'
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: null }]
    const unknown = { partitions: [{ partitionIndex: 0, errorCode: errors.UNKNOWN_TOPIC_ID.code }] }
    const committing = { groupId, generationIdOrMemberEpoch: -1, topics: [{ topicId, partitions }] }
    expect((await broker.request(offsetCommit, 10, committing)).topics).toMatchObject([unknown])
    const groups = [{ groupId, topics: [{ topicId, partitionIndexes: [0] }] }]
    expect((await broker.request(offsetFetch, 10, { groups })).groups[0]?.topics).toMatchObject([unknown])
  })

  it.each(['close', 'abandon'] as const)('survive %s', async (how) => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    for (let offset = 0; offset < 50; offset++) expect(await commit(broker, { topic: 't', offset: offset })).toBe(0)
    await broker.restart(how)
    expect(await committed(broker, 't')).toBe(49)
  })

  it('that many clients commit at once are all kept, written once a turn', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, offset) => commit(broker, { topic: 't', offset: offset })),
    )
    expect(new Set(codes)).toEqual(new Set([0]))
    expect(await committed(broker, 't')).toBe(19)
    expect(await written(broker)).toHaveLength(20)
  })

  it('go with their topic', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    await commit(broker, { topic: 't', offset: 7 })
    await broker.request(deleteTopics, 6, { topics: [{ name: 't' }], timeoutMs: 1000 })
    await turns()
    expect((await written(broker)).at(-1)).toMatchObject({ type: 'OffsetCommit', value: null })
    await broker.createTopic('t')
    expect(await committed(broker, 't')).toBe(-1)
  })

  it('are deleted on request, partition by partition', async () => {
    await using broker = await TestBroker.start()
    await openGroups(broker)
    await broker.createTopic('t')
    await commit(broker, { topic: 't', offset: 7 })
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] }]
    const response = await broker.request(offsetDelete, 0, { groupId, topics })
    expect(response.topics[0]?.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode])).toEqual([
      [0, 0],
      [9, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ])
    expect(await committed(broker, 't')).toBe(-1)
  })

  it('expire with their group', async () => {
    await using broker = await TestBroker.start({ config: { 'offsets.retention.minutes': 1 } })
    await openGroups(broker)
    await broker.createTopic('t')
    await commit(broker, { topic: 't', offset: 7 })
    await broker.clock.advance(600_000)
    expect(await committed(broker, 't')).toBe(-1)
    expect((await written(broker)).map(({ type, value }) => [type, value === null])).toEqual([
      ['OffsetCommit', false],
      ['OffsetCommit', true],
      ['GroupMetadata', true],
    ])
  })
})

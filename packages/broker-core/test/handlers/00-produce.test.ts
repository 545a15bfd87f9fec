import { errors, RecordBatchView } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { produce } from '../../src/handlers/00-produce.ts'
import { deleteRecords } from '../../src/handlers/21-delete-records.ts'
import { TestBroker } from '../test-broker.ts'
import { testStartMs } from '../test-clock.ts'
import { batchOf, idempotentBatch, recordsIn, type TestRecord, valuesIn } from '../test-records.ts'
import { fetchOne, type ProduceOptions, produceBatch, produceBody } from '../test-requests.ts'

const accepted = {
  index: 0,
  errorCode: 0,
  baseOffset: 0,
  logAppendTimeMs: -1,
  logStartOffset: 0,
  recordErrors: [],
  errorMessage: null,
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
}

/** The code of the error that one batch meets on a topic. */
async function errorOf(
  records: Uint8Array | null,
  options: ProduceOptions & { readonly configs?: Readonly<Record<string, string | number>> } = {},
): Promise<number> {
  await using broker = await TestBroker.start()
  await broker.createTopic('orders', { configs: options.configs ?? {} })
  const { errorCode } = await produceBatch(broker, records, options)
  expect(broker.errors).toEqual([])
  return errorCode
}

/** A batch with some of its bytes changed; `seal` makes the checksum that of the bytes. */
function spoilt(change: (bytes: Buffer) => void, options: { readonly seal?: boolean } = {}): Uint8Array {
  const bytes = Buffer.from(batchOf(['one', 'two']))
  change(bytes)
  if (options.seal === true) new RecordBatchView(bytes).updateCrc()
  return bytes
}

describe('Produce', () => {
  it('answers where the records are', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { partitions: 2 })
    await produceBatch(broker, batchOf(['a', 'b']))
    const partitionData = [
      { index: 1, records: batchOf(['x']) },
      { index: 0, records: batchOf(['c', 'd']) },
    ]
    const topicData = [{ name: 'orders', partitionData }]
    const response = await broker.request(produce, 12, { acks: -1, timeoutMs: 1000, topicData })
    expect(response).toEqual({
      responses: [
        {
          name: 'orders',
          topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
          partitionResponses: [
            { ...accepted, index: 1 },
            { ...accepted, baseOffset: 2 },
          ],
        },
      ],
      throttleTimeMs: 0,
      nodeEndpoints: [],
    })
    expect(valuesIn((await fetchOne(broker)).records)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('finds a topic by its id since version 13', async () => {
    await using broker = await TestBroker.start()
    const topicId = await broker.createTopic('orders')
    const to = (id: string) => ({
      acks: 1,
      timeoutMs: 1000,
      topicData: [{ topicId: id, partitionData: [{ index: 0, records: batchOf(['a']) }] }],
    })
    const known = await broker.request(produce, 13, to(topicId))
    const unknown = await broker.request(produce, 13, to('AAAAAAAAAAAAAAAAAAAAKQ'))
    expect([known, unknown].map(({ responses }) => responses)).toEqual([
      [{ name: '', topicId, partitionResponses: [accepted] }],
      [
        {
          name: '',
          topicId: 'AAAAAAAAAAAAAAAAAAAAKQ',
          partitionResponses: [{ ...accepted, errorCode: 100, baseOffset: -1, logStartOffset: -1 }],
        },
      ],
    ])
  })

  it.each([1, -1])('with acks=%i answers when the records are written', async (acks) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const written: number[] = []
    broker.broker.hooks.on('appended', ({ lastOffset }) => written.push(lastOffset))
    expect(await produceBatch(broker, batchOf(['a', 'b']), { acks })).toEqual(accepted)
    expect(written).toEqual([1])
  })

  it('with acks=0 answers nothing, and the connection goes on', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const connection = await broker.connect()
    connection.send(produce.request, 12, produceBody(batchOf(['a']), { acks: 0 }))
    const after = await connection.request(produce, 12, produceBody(batchOf(['b'])))
    expect(after.responses[0]?.partitionResponses[0]?.baseOffset).toBe(1)
    expect(connection.answered).toEqual([2])
  })

  it.each([
    ['of an unknown topic', { topic: 'nowhere' }, batchOf(['a'])],
    ['of a corrupt batch', {}, spoilt((bytes) => bytes.writeUInt8(0, 66))],
    ['of no records', {}, null],
  ])('with acks=0 tells an error %s by closing the connection', async (_, options, records) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const connection = await broker.connect()
    connection.send(produce.request, 12, produceBody(records, { acks: 0, ...options }))
    await connection.closed
    expect(connection.answered).toEqual([])
    expect(await produceBatch(broker, batchOf(['a']))).toEqual(accepted)
    expect(broker.errors).toEqual([])
  })

  it.each([2, -2, 1000])('refuses acks=%i for every partition', async (acks) => {
    expect(await errorOf(batchOf(['a']), { acks })).toBe(errors.INVALID_REQUIRED_ACKS.code)
  })

  it.each<[string, Uint8Array | null, ProduceOptions, number]>([
    ['a wrong checksum', spoilt((bytes) => bytes.writeUInt8(0, 66)), {}, errors.CORRUPT_MESSAGE.code],
    ['no records', null, {}, errors.INVALID_RECORD.code],
    ['no bytes', new Uint8Array(), {}, errors.INVALID_RECORD.code],
    ['fewer bytes than a header', batchOf(['a']).subarray(0, 40), {}, errors.INVALID_RECORD.code],
    ['half a batch', batchOf(['a long value']).subarray(0, 70), {}, errors.INVALID_RECORD.code],
    ['two batches', Buffer.concat([batchOf(['a']), batchOf(['b'])]), {}, errors.INVALID_RECORD.code],
    ['zeros', new Uint8Array(100), {}, errors.CORRUPT_MESSAGE.code],
    ['zeros behind the batch', Buffer.concat([batchOf(['a']), new Uint8Array(30)]), {}, errors.CORRUPT_MESSAGE.code],
    ['magic 1', spoilt((bytes) => bytes.writeUInt8(1, 16)), {}, errors.INVALID_RECORD.code],
    ['magic 0', spoilt((bytes) => bytes.writeUInt8(0, 16)), {}, errors.INVALID_RECORD.code],
    ['magic 3', spoilt((bytes) => bytes.writeUInt8(3, 16)), {}, errors.CORRUPT_MESSAGE.code],
    ['a base offset', batchOf(['a'], { baseOffset: 5 }), {}, errors.INVALID_RECORD.code],
    ['a control batch', batchOf(['a'], { isControl: true }), {}, errors.INVALID_RECORD.code],
    ['a wrong count', spoilt((bytes) => bytes.writeInt32BE(3, 57), { seal: true }), {}, errors.INVALID_RECORD.code],
    ['a wrong delta', spoilt((bytes) => bytes.writeInt32BE(5, 23), { seal: true }), {}, errors.INVALID_RECORD.code],
    ['a wrong length', spoilt((bytes) => bytes.writeUInt8(40, 61), { seal: true }), {}, errors.INVALID_RECORD.code],
    ['zstd before version 7', batchOf(['a'], { compression: 'zstd' }), { version: 6 }, 76],
    ['an unknown topic', batchOf(['a']), { topic: 'nowhere' }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['an unknown partition', batchOf(['a']), { partition: 7 }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
    ['a negative partition', batchOf(['a']), { partition: -1 }, errors.UNKNOWN_TOPIC_OR_PARTITION.code],
  ])('refuses %s', async (_, records, options, expected) => {
    expect(await errorOf(records, options)).toBe(expected)
  })

  it.each([3, 7, 13])('takes the rest of a request with a partition that fails, in version %i', async (version) => {
    await using broker = await TestBroker.start()
    const topicId = await broker.createTopic('orders', { partitions: 2 })
    const partitionData = [
      { index: 0, records: spoilt((bytes) => bytes.writeUInt8(0, 66)) },
      { index: 1, records: batchOf(['a']) },
    ]
    const topicData = [{ ...(version >= 13 ? { topicId } : { name: 'orders' }), partitionData }]
    const { responses } = await broker.request(produce, version, { acks: 1, timeoutMs: 1000, topicData })
    expect(responses[0]?.partitionResponses.map(({ errorCode }) => errorCode)).toEqual([2, 0])
  })

  it('counts a partition that is named twice once, with what was named last', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const partitionData = ['first', 'last'].map((value) => ({ index: 0, records: batchOf([value]) }))
    const topicData = [{ name: 'orders', partitionData }]
    const { responses } = await broker.request(produce, 12, { acks: 1, timeoutMs: 1000, topicData })
    expect(responses[0]?.partitionResponses).toEqual([accepted])
    expect(valuesIn((await fetchOne(broker)).records)).toEqual(['last'])
  })

  it('leaves bytes of an incomplete batch behind the first one out', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const records = Buffer.concat([batchOf(['a']), batchOf(['a longer value']).subarray(0, 70)])
    expect(await produceBatch(broker, records)).toEqual(accepted)
    expect(valuesIn((await fetchOne(broker)).records)).toEqual(['a'])
  })

  it('keeps clients out of the topics of the coordinators', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('__consumer_offsets')
    const answer = await produceBatch(broker, batchOf(['a']), { topic: '__consumer_offsets' })
    expect(answer).toMatchObject({ errorCode: errors.INVALID_TOPIC_EXCEPTION.code, baseOffset: -1 })
  })

  it('refuses a batch of a transaction without a transactional id, for the whole request', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { partitions: 2 })
    const producer = { producerId: 1, producerEpoch: 0, baseSequence: 0, isTransactional: true }
    const partitionData = [
      { index: 0, records: batchOf(['a']) },
      { index: 1, records: batchOf(['a'], { producer }) },
    ]
    const topicData = [{ name: 'orders', partitionData }]
    const { responses } = await broker.request(produce, 12, { acks: -1, timeoutMs: 1000, topicData })
    const { code } = errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    expect(responses[0]?.partitionResponses.map(({ errorCode }) => errorCode)).toEqual([code, code])
    expect(broker.partitionLog('orders').logEndOffset).toBe(0)
  })
})

describe('Produce and the configs of a topic', () => {
  it('refuses a batch above max.message.bytes', async () => {
    expect(await errorOf(batchOf(['x'.repeat(300)]), { configs: { 'max.message.bytes': 200 } })).toBe(
      errors.MESSAGE_TOO_LARGE.code,
    )
  })

  it('refuses a batch above segment.bytes', async () => {
    const configs = { 'segment.bytes': 1_048_576, 'max.message.bytes': 2_000_000 }
    expect(await errorOf(batchOf(['x'.repeat(1_100_000)]), { configs })).toBe(errors.RECORD_LIST_TOO_LARGE.code)
  })

  it('names the records without a key that a compacted topic does not take', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { configs: { 'cleanup.policy': 'compact' } })
    const records: TestRecord[] = [{ value: 'a' }, { key: 'k', value: 'b' }, { value: 'c' }]
    const message = 'Compacted topic cannot accept message without key'
    expect(await produceBatch(broker, batchOf(records))).toEqual({
      ...accepted,
      errorCode: errors.INVALID_RECORD.code,
      baseOffset: -1,
      recordErrors: [
        { batchIndex: 0, batchIndexErrorMessage: message },
        { batchIndex: 2, batchIndexErrorMessage: message },
      ],
      errorMessage: 'One or more records have been rejected due to 2 record errors in total',
    })
    expect(await produceBatch(broker, batchOf([{ key: 'k', value: 'b' }]))).toEqual(accepted)
  })

  it('refuses timestamps outside message.timestamp.before.max.ms and after.max.ms', async () => {
    const configs = { 'message.timestamp.before.max.ms': 1000, 'message.timestamp.after.max.ms': 1000 }
    const at = (timestamp: number) => errorOf(batchOf([{ value: 'a', timestamp }]), { configs })
    expect(await Promise.all([at(testStartMs - 1000), at(testStartMs + 1000), at(-1)])).toEqual([0, 0, 0])
    const { code } = errors.INVALID_TIMESTAMP
    expect(await Promise.all([at(testStartMs - 1001), at(testStartMs + 1001)])).toEqual([code, code])
  })

  it('says which timestamps it does not take', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const answer = await produceBatch(broker, batchOf(['a', { value: 'b', timestamp: testStartMs + 3_600_001 }]))
    const range = `[-9223372036854775808, ${testStartMs + 3_600_000}]`
    expect(answer).toEqual({
      ...accepted,
      errorCode: errors.INVALID_TIMESTAMP.code,
      baseOffset: -1,
      recordErrors: [
        {
          batchIndex: 1,
          batchIndexErrorMessage: `Timestamp ${testStartMs + 3_600_001} of message with offset 1 is out of range. The timestamp should be within ${range}`,
        },
      ],
      errorMessage: 'One or more records have been rejected due to invalid timestamp',
    })
  })

  it('sets the time itself with message.timestamp.type=LogAppendTime, and tells it', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { configs: { 'message.timestamp.type': 'LogAppendTime' } })
    await broker.clock.advance(500)
    const answer = await produceBatch(broker, batchOf([{ value: 'a', timestamp: 5 }]))
    expect(answer).toEqual({ ...accepted, logAppendTimeMs: testStartMs + 500 })
    const batch = new RecordBatchView((await fetchOne(broker)).records ?? new Uint8Array())
    expect([batch.timestampType, batch.maxTimestamp]).toEqual(['LogAppendTime', testStartMs + 500])
  })

  it.each([
    ['producer', 'snappy', 'snappy'],
    ['uncompressed', 'gzip', 'none'],
    ['gzip', 'none', 'gzip'],
    ['lz4', 'zstd', 'lz4'],
  ] as const)('with compression.type=%s keeps a batch that came as %s as %s', async (configured, sent, kept) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders', { configs: { 'compression.type': configured } })
    await produceBatch(broker, batchOf(['first']))
    const answer = await produceBatch(broker, batchOf(['a', { key: 'k', value: null }], { compression: sent }))
    expect(answer).toEqual({ ...accepted, baseOffset: 1 })
    const { records } = await fetchOne(broker, { offset: 1 })
    const batches = records ?? new Uint8Array()
    expect(new RecordBatchView(batches).compression).toBe(kept)
    expect(recordsIn(batches)).toEqual([
      { offset: 1, key: null, value: 'a' },
      { offset: 2, key: 'k', value: null },
    ])
  })

  it('asks for no more in-sync replicas than the topic has replicas', async () => {
    expect(await errorOf(batchOf(['a']), { configs: { 'min.insync.replicas': 3 } })).toBe(0)
  })
})

describe('Produce of an idempotent producer', () => {
  const producer = (sequence: number, options: { readonly epoch?: number; readonly id?: number } = {}) => ({
    id: options.id ?? 7,
    epoch: options.epoch ?? 0,
    sequence,
  })

  /** Sends single records with these sequences and answers error and offset of each. */
  async function sent(broker: TestBroker, sequences: readonly number[], epoch = 0): Promise<[number, number][]> {
    const answers: [number, number][] = []
    for (const sequence of sequences) {
      const { errorCode, baseOffset } = await produceBatch(broker, idempotentBatch(producer(sequence, { epoch }), 'a'))
      answers.push([errorCode, baseOffset])
    }
    return answers
  }

  it('acknowledges a duplicate among the last five batches with its first offset, and writes it once', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await sent(broker, [0, 1, 2, 3, 4, 5])
    expect(await sent(broker, [5, 3, 1])).toEqual([
      [0, 5],
      [0, 3],
      [0, 1],
    ])
    expect((await fetchOne(broker)).highWatermark).toBe(6)
  })

  it('acknowledges a duplicate that comes in the same turn as the first', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const answers = await Promise.all(
      [1, 2].map(async () => {
        const connection = await broker.connect()
        const body = produceBody(idempotentBatch(producer(0), 'a', 'b'))
        const { responses } = await connection.request(produce, 12, body)
        return responses[0]?.partitionResponses[0]
      }),
    )
    // Of a duplicate Kafka tells the timestamp it has in the producer's state.
    expect(answers).toEqual([accepted, { ...accepted, logAppendTimeMs: testStartMs }])
    expect((await fetchOne(broker)).highWatermark).toBe(2)
  })

  it('refuses a duplicate that is older, and one that overlaps two batches', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await sent(broker, [0, 1, 2, 3, 4, 5])
    const { code } = errors.OUT_OF_ORDER_SEQUENCE_NUMBER
    expect(await sent(broker, [0])).toEqual([[code, -1]])
    const overlapping = await produceBatch(broker, idempotentBatch(producer(4), 'a', 'b', 'c'))
    expect([overlapping.errorCode, overlapping.logStartOffset]).toEqual([code, 0])
  })

  it('refuses a gap, and goes on when the gap is filled', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const { code } = errors.OUT_OF_ORDER_SEQUENCE_NUMBER
    expect(await sent(broker, [0, 2, 1, 2])).toEqual([
      [0, 0],
      [code, -1],
      [0, 1],
      [0, 2],
    ])
  })

  it('fences an old epoch, and begins a new one at sequence 0', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await sent(broker, [0, 1])
    const { OUT_OF_ORDER_SEQUENCE_NUMBER: outOfOrder, INVALID_PRODUCER_EPOCH: oldEpoch } = errors
    expect(await sent(broker, [2, 0], 1)).toEqual([
      [outOfOrder.code, -1],
      [0, 2],
    ])
    expect(await sent(broker, [2], 0)).toEqual([[oldEpoch.code, -1]])
  })

  it('lets a producer it does not know begin anywhere', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    expect(await sent(broker, [40, 41, 43])).toEqual([
      [0, 0],
      [0, 1],
      [errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code, -1],
    ])
  })

  it('refuses a producer without a sequence', async () => {
    expect(await errorOf(idempotentBatch(producer(-1), 'a'))).toBe(errors.INVALID_RECORD.code)
  })

  it('lets sequences go on at 0 after 2147483647, between batches and within one', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const max = 2_147_483_647
    const batches = [
      idempotentBatch(producer(max - 1), 'a', 'b'),
      idempotentBatch(producer(0), 'c'),
      idempotentBatch(producer(0), 'c'),
      idempotentBatch(producer(max - 1, { id: 8 }), 'a', 'b', 'c', 'd'),
      idempotentBatch(producer(2, { id: 8 }), 'e'),
    ]
    const offsets: number[] = []
    for (const batch of batches) offsets.push((await produceBatch(broker, batch)).baseOffset)
    expect(offsets).toEqual([0, 2, 2, 3, 7])
  })

  it.each(['close', 'abandon'] as const)('knows its producers after a restart (%s)', async (how) => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await sent(broker, [0, 1, 2])
    await broker.restart(how)
    const { code } = errors.OUT_OF_ORDER_SEQUENCE_NUMBER
    expect(await sent(broker, [2, 4, 3])).toEqual([
      [0, 2],
      [code, -1],
      [0, 3],
    ])
  })

  it('forgets a producer that was silent for producer.id.expiration.ms', async () => {
    await using broker = await TestBroker.start({
      config: { 'producer.id.expiration.ms': 60_000, 'producer.id.expiration.check.interval.ms': 10_000 },
    })
    await broker.createTopic('orders')
    await sent(broker, [0, 1])
    await broker.clock.advance(50_000)
    expect(await sent(broker, [3])).toEqual([[errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code, -1]])
    await broker.clock.advance(20_000)
    expect(await sent(broker, [3])).toEqual([[0, 2]])
  })

  it('knows a producer whose records were all deleted', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    await sent(broker, [0, 1])
    const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: -1 }] }]
    await broker.request(deleteRecords, 2, { topics, timeoutMs: 1000 })
    expect(await sent(broker, [3, 2])).toEqual([
      [errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code, -1],
      [0, 2],
    ])
  })
})

describe('Produce on a disk that fails', () => {
  it('acknowledges nothing that is not written, and says so', async () => {
    await using broker = await TestBroker.start()
    await broker.createTopic('orders')
    const log = broker.partitionLog('orders')
    log.segments.active.file.close()
    const answer = await produceBatch(broker, batchOf(['a']))
    expect(answer).toMatchObject({ errorCode: errors.KAFKA_STORAGE_ERROR.code, baseOffset: -1, logStartOffset: -1 })
    expect(broker.broker.logs.directories[0]?.failure?.code).toBe('closed')
    expect((await produceBatch(broker, batchOf(['a']))).errorCode).toBe(errors.KAFKA_STORAGE_ERROR.code)
  })
})

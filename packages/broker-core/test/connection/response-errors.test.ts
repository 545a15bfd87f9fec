import { errors } from '@odradek/protocol'
import { expect, test } from 'vitest'
import { responseErrorCodes } from '../../src/connection/response-errors.ts'
import { produce } from '../../src/handlers/00-produce.ts'
import { fetch } from '../../src/handlers/01-fetch.ts'
import { describeCluster } from '../../src/handlers/60-describe-cluster.ts'
import { TestBroker } from '../test-broker.ts'
import { batchOf } from '../test-records.ts'
import { fetchBody, produceBody, produceValues } from '../test-requests.ts'

test('every error of a response counts, of the whole and of its parts, and bytes hold none', () => {
  const partition = (index: number, errorCode?: number) => ({ index, errorCode, records: [new Uint8Array([3])] })
  const topics = [{ partitions: [partition(0, 6), partition(1), partition(2, 0), partition(3, 6)] }, { partitions: [] }]
  expect([responseErrorCodes({ errorCode: 3, topics, nothing: null }), responseErrorCodes(null)]).toEqual([
    [3, 6, 6],
    [],
  ])
})

test('a broker tells the errors of each request that it answered', async () => {
  await using broker = await TestBroker.start({ config: { 'auto.create.topics.enable': false } })
  const seen: unknown[] = []
  broker.broker.hooks.on('requestHandled', ({ apiKey, errorCodes }) => seen.push([apiKey, errorCodes]))
  await broker.request(describeCluster, 2, {})
  await broker.request(describeCluster, 2, { endpointType: 2 })
  await broker.request(produce, 12, produceBody(batchOf(['a'])))
  await broker.request(fetch, 12, fetchBody())
  expect(seen).toEqual([
    [60, []],
    [60, [errors.MISMATCHED_ENDPOINT_TYPE.code]],
    [0, [errors.UNKNOWN_TOPIC_OR_PARTITION.code]],
    [1, [errors.UNKNOWN_TOPIC_OR_PARTITION.code]],
  ])
})

test('a broker tells what each fetch took from which partition', async () => {
  await using broker = await TestBroker.start()
  await broker.createTopic('orders')
  await produceValues(broker, ['a', 'b'])
  const seen: unknown[] = []
  broker.broker.hooks.on('fetched', (event) => seen.push(event))
  await broker.request(fetch, 12, fetchBody({ offset: 1 }))
  await broker.request(fetch, 12, fetchBody({ offset: 2 }))
  const sizeInBytes = broker.partitionLog('orders').sizeInBytes / 2
  expect(seen).toEqual([{ topic: 'orders', partition: 0, fetchOffset: 1, sizeInBytes }])
})

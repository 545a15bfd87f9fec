import { errors } from '@odradek/protocol'
import { fenceBroker } from '@odradek/quorum'
import { describe, expect, it } from 'vitest'
import { describeCluster } from '../../src/handlers/60-describe-cluster.ts'
import { clusterId, TestBroker } from '../test-broker.ts'

describe('DescribeCluster', () => {
  it('tells brokers, cluster and controller', async () => {
    await using broker = await TestBroker.start()
    expect(await broker.request(describeCluster, 2, { includeClusterAuthorizedOperations: true })).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      endpointType: 1,
      clusterId,
      controllerId: 1,
      brokers: [{ brokerId: 1, host: 'localhost', port: 9092, rack: null, isFenced: false }],
      clusterAuthorizedOperations: 8096,
    })
  })

  it.each([
    [2, errors.MISMATCHED_ENDPOINT_TYPE.code],
    [0, errors.UNSUPPORTED_ENDPOINT_TYPE.code],
    [3, errors.UNSUPPORTED_ENDPOINT_TYPE.code],
  ])('refuses endpoint type %i', async (endpointType, errorCode) => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(describeCluster, 1, { endpointType })
    expect(answer).toMatchObject({ errorCode, endpointType: 1, clusterId: '', controllerId: -1, brokers: [] })
  })

  it('leaves permissions out unless they are asked for', async () => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(describeCluster, 0, {})
    expect(answer.clusterAuthorizedOperations).toBe(-2_147_483_648)
  })

  it('tells fenced brokers only to those who ask for them', async () => {
    await using broker = await TestBroker.start()
    await broker.broker.controller.run((context) => fenceBroker(1, context))
    const told = async (includeFencedBrokers: boolean) => {
      const { brokers } = await broker.request(describeCluster, 2, { includeFencedBrokers })
      return brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced])
    }
    expect([await told(false), await told(true)]).toEqual([[], [[1, true]]])
  })
})

import type { Input } from '@odradek/protocol'
import { errors } from '@odradek/protocol'
import type { InitProducerIdRequest } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { initProducerId } from '../../src/handlers/22-init-producer-id.ts'
import { TestBroker } from '../test-broker.ts'

const ask = (broker: TestBroker, body: Input<InitProducerIdRequest> = {}) =>
  broker.request(initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 1000, ...body })

describe('InitProducerId', () => {
  it('gives each producer an id of its own, epoch 0, also after a kill', async () => {
    await using broker = await TestBroker.start()
    const ids: number[] = []
    for (let block = 0; block < 3; block++) {
      for (let index = 0; index < 600; index++) ids.push((await ask(broker)).producerId)
      await broker.restart('abandon')
    }
    expect(new Set(ids).size).toBe(ids.length)
    expect(await ask(broker)).toMatchObject({ throttleTimeMs: 0, errorCode: 0, producerEpoch: 0 })
  })

  it('gives a new id to a producer that comes with one', async () => {
    await using broker = await TestBroker.start()
    const { errorCode, producerEpoch } = await ask(broker, { producerId: 5, producerEpoch: 3 })
    expect({ errorCode, producerEpoch }).toEqual({ errorCode: 0, producerEpoch: 0 })
  })

  it.each<[string, Input<InitProducerIdRequest>, number]>([
    ['an empty transactional id', { transactionalId: '' }, errors.INVALID_REQUEST.code],
    ['an id without its epoch', { producerId: 5 }, errors.INVALID_REQUEST.code],
    ['an epoch without its id', { producerEpoch: 0 }, errors.INVALID_REQUEST.code],
  ])('refuses %s', async (_, body, errorCode) => {
    await using broker = await TestBroker.start()
    expect(await ask(broker, body)).toMatchObject({ errorCode, producerId: -1, producerEpoch: -1 })
  })
})

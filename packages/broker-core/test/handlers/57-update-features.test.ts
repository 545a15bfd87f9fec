import { errors } from '@odradek/protocol'
import { describe, expect, it } from 'vitest'
import { updateFeatures } from '../../src/handlers/57-update-features.ts'
import { TestBroker } from '../test-broker.ts'

describe('UpdateFeatures', () => {
  const update = (feature: string, maxVersionLevel: number, upgradeType = 1) => ({
    feature,
    maxVersionLevel,
    upgradeType,
  })

  it('changes a feature, and keeps it over a restart', async () => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(updateFeatures, 2, { featureUpdates: [update('group.version', 0, 2)] })
    expect(answer).toEqual({ throttleTimeMs: 0, errorCode: 0, errorMessage: null, results: [] })
    await broker.restart('abandon')
    expect(broker.broker.metadata.image.features.level('group.version')).toBe(0)
  })

  it.each([
    ['an unknown feature', update('no.such', 1)],
    ['a level that is too high', update('group.version', 99)],
    ['a negative level', update('group.version', -1)],
    ['a downgrade that is not called one', update('group.version', 0)],
    ['an unknown kind of upgrade', update('group.version', 1, 9)],
    ['a metadata version that would lose something', update('metadata.version', 7, 2)],
  ])('refuses %s, and everything with it', async (_, bad) => {
    await using broker = await TestBroker.start()
    const featureUpdates = [update('group.version', 0, 2), bad].filter(
      ({ feature }, index, all) => all.findLastIndex((one) => one.feature === feature) === index,
    )
    const { errorCode, errorMessage } = await broker.request(updateFeatures, 2, { featureUpdates })
    expect(errorCode).toBe(errors.INVALID_UPDATE_VERSION.code)
    expect(errorMessage).toContain(`feature ${bad.feature}`)
    expect(broker.broker.metadata.image.features.level('group.version')).toBe(1)
  })

  it('only checks when told to', async () => {
    await using broker = await TestBroker.start()
    const featureUpdates = [update('group.version', 0, 2)]
    const answer = await broker.request(updateFeatures, 2, { featureUpdates, validateOnly: true })
    expect([answer.errorCode, broker.broker.metadata.image.features.level('group.version')]).toEqual([0, 1])
  })

  it('names each feature that was changed before version 2', async () => {
    await using broker = await TestBroker.start()
    const answer = await broker.request(updateFeatures, 1, { featureUpdates: [update('group.version', 0, 2)] })
    expect(answer.results).toMatchObject([{ feature: 'group.version', errorCode: 0 }])
  })

  it('has nothing against a level that holds already', async () => {
    await using broker = await TestBroker.start()
    const { errorCode } = await broker.request(updateFeatures, 2, { featureUpdates: [update('group.version', 1)] })
    expect(errorCode).toBe(0)
  })

  it('takes a downgrade as version 0 spells it', async () => {
    await using broker = await TestBroker.start()
    const featureUpdates = [{ feature: 'group.version', maxVersionLevel: 0, allowDowngrade: true }]
    const { errorCode } = await broker.request(updateFeatures, 0, { featureUpdates })
    expect([errorCode, broker.broker.metadata.image.features.level('group.version')]).toEqual([0, 0])
  })
})

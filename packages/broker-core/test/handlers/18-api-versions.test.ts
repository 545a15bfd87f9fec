import type { Input } from '@odradek/protocol'
import { decodeResponse, encodeRequestFrame, errors } from '@odradek/protocol'
import type { ApiVersionsRequest, ApiVersionsResponse } from '@odradek/protocol/messages'
import { describe, expect, it } from 'vitest'
import { apiVersions } from '../../src/handlers/18-api-versions.ts'
import { servedHandlers } from '../../src/handlers.ts'
import { clusterId, TestBroker } from '../test-broker.ts'

const software = { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' }

async function asked(version: number, body: Input<ApiVersionsRequest> = {}): Promise<ApiVersionsResponse> {
  await using broker = await TestBroker.start()
  return broker.request(apiVersions, version, version >= 3 ? { ...software, ...body } : body)
}

describe('ApiVersions', () => {
  it('lists what is served by ascending key, Produce from 0 for the sake of librdkafka', async () => {
    const { apiKeys } = await asked(4)
    const served = servedHandlers().map(({ request, minVersion, maxVersion }) => ({
      apiKey: request.apiKey,
      minVersion: minVersion ?? request.minVersion,
      maxVersion: maxVersion ?? request.maxVersion,
    }))
    const produce = { apiKey: 0, minVersion: 0, maxVersion: 13 }
    expect(apiKeys).toEqual([produce, ...served.slice(1)].sort((a, b) => a.apiKey - b.apiKey))
  })

  it('tells features that begin at 0 since version 4 alone', async () => {
    const names = async (version: number) => (await asked(version)).supportedFeatures.map(({ name }) => name).sort()
    expect([await names(2), await names(3)]).toEqual([[], ['metadata.version']])
    expect(await names(4)).toContain('group.version')
  })

  it('tells the features in force and the epoch they are of', async () => {
    const { finalizedFeatures, finalizedFeaturesEpoch } = await asked(4)
    expect(finalizedFeaturesEpoch).toBeGreaterThan(0)
    expect(finalizedFeatures).toContainEqual({ name: 'metadata.version', minVersionLevel: 33, maxVersionLevel: 33 })
  })

  it.each([6, 9, 32_767])('answers unknown version %i with error 35 in a body of version 0', async (version) => {
    await using broker = await TestBroker.start()
    const connection = await broker.connect()
    const answer = connection.frame(apiVersions.request, 5, software)
    const frame = Buffer.concat(
      encodeRequestFrame(apiVersions.request, software, { version: 5, correlationId: 2, clientId: 'test' }),
    )
    frame.writeInt16BE(version, 6)
    const unknown = new Promise<Uint8Array>((resolve) => {
      connection.onFrame = (bytes) => resolve(bytes)
    })
    await answer
    connection.write(frame)
    const { correlationId, body } = decodeResponse(apiVersions.response, await unknown, 0)
    expect([correlationId, body.errorCode]).toEqual([2, errors.UNSUPPORTED_VERSION.code])
    expect(body.apiKeys).toContainEqual({ apiKey: 18, minVersion: 0, maxVersion: 5 })
    expect((await connection.request(apiVersions, 4, software)).errorCode).toBe(0)
  })

  it.each(['', 'a b', '-a', 'a-', 'ä'])('refuses %j as the name or version of a client', async (text) => {
    const { code: errorCode } = errors.INVALID_REQUEST
    const refused = { errorCode, apiKeys: [], supportedFeatures: [], finalizedFeatures: [] }
    expect(await asked(3, { clientSoftwareName: text })).toMatchObject(refused)
    expect(await asked(3, { clientSoftwareVersion: text })).toMatchObject(refused)
  })

  it.each([
    ['this one', { clusterId, nodeId: 1 }, 0],
    ['nobody', { clusterId: null, nodeId: -1 }, 0],
    ['another cluster', { clusterId: 'other', nodeId: 1 }, errors.REBOOTSTRAP_REQUIRED.code],
    ['another node', { clusterId, nodeId: 2 }, errors.REBOOTSTRAP_REQUIRED.code],
    ['a cluster without a node', { clusterId }, errors.INVALID_REQUEST.code],
    ['a node without a cluster', { nodeId: 1 }, errors.INVALID_REQUEST.code],
  ])('checks since version 5 that the client talks to whom it means, %s', async (_, body, errorCode) => {
    expect((await asked(5, body)).errorCode).toBe(errorCode)
  })
})

import { describe, expect, test } from 'vitest'
import {
  apiVersionsRequest,
  apiVersionsResponse,
  heartbeatRequest,
  heartbeatResponse,
  produceRequest,
} from '../src/generated/messages.ts'
import {
  apiByKey,
  apiKeyList,
  apiKeys,
  decodeResponse,
  encodeRequestFrame,
  encodeResponseFrame,
  ProtocolError,
  Reader,
  readRequestHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from '../src/index.ts'
import { requestType, responseType } from '../src/lookup.ts'

const hex = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString('hex')

describe('frames', () => {
  test('a request before flexible versions has header 1, a flexible one header 2 with a client id that is not compact', () => {
    const body = { groupId: 'g', generationId: 1, memberId: 'm' }
    const options = { correlationId: 7, clientId: 'me' }
    expect(hex(encodeRequestFrame(heartbeatRequest, body, { ...options, version: 0 }))).toBe(
      '00000016000c00000000000700026d650001670000000100016d',
    )
    expect(hex(encodeRequestFrame(heartbeatRequest, body, { ...options, version: 4 }))).toBe(
      '00000017000c00040000000700026d6500026700000001026d0000',
    )
  })

  test('a request without a client id has null there', () => {
    const frame = Buffer.concat(encodeRequestFrame(heartbeatRequest, {}, { version: 4, correlationId: -1 }))
    expect(readRequestHeader(new Reader(frame, 4))).toEqual({
      requestApiKey: 12,
      requestApiVersion: 4,
      correlationId: -1,
      clientId: null,
    })
  })

  test('a response is read with the header of its version', () => {
    for (const version of [0, 4]) {
      const frame = Buffer.concat(
        encodeResponseFrame(heartbeatResponse, { errorCode: 27 }, { version, correlationId: 5 }),
      )
      expect(frame.readInt32BE(0)).toBe(frame.length - 4)
      expect(decodeResponse(heartbeatResponse, frame.subarray(4), version)).toEqual({
        correlationId: 5,
        body: { throttleTimeMs: 0, errorCode: 27 },
      })
    }
  })

  test('the response of ApiVersions keeps header 0, so that any client can read it', () => {
    const frame = encodeResponseFrame(apiVersionsResponse, { errorCode: 35 }, { version: 3, correlationId: 1 })
    expect(hex(frame)).toMatch(/^.{8}00000001002301/)
    expect([requestHeaderVersion(apiVersionsRequest.apiKey, 3), responseHeaderVersion(18, 3)]).toEqual([2, 0])
  })

  test('records of 4 KiB and more go out without a copy', () => {
    const records = new Uint8Array(10_000).fill(1)
    const body = { acks: -1, topicData: [{ name: 't', partitionData: [{ index: 0, records }] }] }
    const chunks = encodeRequestFrame(produceRequest, body, { version: 9, correlationId: 1 })
    expect(chunks[1]).toBe(records)
    expect(Buffer.concat(chunks).readInt32BE(0)).toBe(Buffer.concat(chunks).length - 4)
  })

  test('a response with bytes left over, a header that ends early and an unknown API are errors', () => {
    const frame = Buffer.concat(encodeResponseFrame(heartbeatResponse, {}, { version: 4, correlationId: 5 })).subarray(
      4,
    )
    expect(() => decodeResponse(heartbeatResponse, Buffer.concat([frame, frame]), 4)).toThrow(ProtocolError)
    expect(() => readRequestHeader(new Reader(Uint8Array.of(0, 18, 0)))).toThrow(ProtocolError)
    expect(() => readRequestHeader(new Reader(new Uint8Array(20).fill(0x11)))).toThrow('no API has the key 4369')
  })
})

describe('the API table', () => {
  test('has the 91 live APIs with the versions of their requests and responses', () => {
    expect(apiKeyList.length).toBe(91)
    for (const { key, name, minVersion, maxVersion, firstFlexibleVersion } of apiKeyList) {
      const versions = { apiKey: key, minVersion, maxVersion, firstFlexibleVersion }
      expect(requestType(key)).toMatchObject({ name: `${name}Request`, kind: 'request', ...versions })
      expect(responseType(key)).toMatchObject({ name: `${name}Response`, kind: 'response', ...versions })
    }
  })

  test('tells which listeners serve an API', () => {
    expect(apiKeys.Fetch).toEqual({
      key: 1,
      name: 'Fetch',
      minVersion: 4,
      maxVersion: 18,
      firstFlexibleVersion: 12,
      latestVersionUnstable: false,
      listeners: ['broker', 'controller'],
    })
    expect([apiByKey(52)?.listeners, apiByKey(4), requestType(4)]).toEqual([['controller'], undefined, undefined])
  })
})

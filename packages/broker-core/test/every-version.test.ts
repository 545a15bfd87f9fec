import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Handler } from '../src/handler.ts'
import { deleteTopics } from '../src/handlers/20-delete-topics.ts'
import { servedHandlers } from '../src/handlers.ts'
import { requestRows, versionsOf } from './request-rows.ts'
import { TestBroker } from './test-broker.ts'

/** Every error code in a response, however deep. */
function errorCodesIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'errorCode' && typeof field === 'number' && field !== 0 ? [field] : errorCodesIn(field),
  )
}

describe('every version of an API', () => {
  let broker: TestBroker
  const known = { name: 'known', topicId: '' }
  const unknown = { name: 'unknown', topicId: 'AAAAAAAAAAAAAAAAAAAAKQ' }

  beforeAll(async () => {
    broker = await TestBroker.start({ config: { 'auto.create.topics.enable': false } })
    known.topicId = await broker.createTopic('known')
    for (const version of versionsOf(deleteTopics as unknown as Handler)) await broker.createTopic(`deleted-${version}`)
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  const named = (handler: Handler) => handler.request.name.replace('Request', '')
  const cases = (kind: 'good' | 'bad') =>
    requestRows.flatMap(({ handler, [kind]: requestOf }) =>
      requestOf === undefined
        ? []
        : versionsOf(handler).map((version) => ({ name: `${named(handler)} ${version}`, handler, version, requestOf })),
    )

  it.each(cases('good'))('$name answers what can be done without an error', async ({ handler, version, requestOf }) => {
    const response = await broker.request(handler, version, requestOf(version, known))
    expect([errorCodesIn(response), broker.errors]).toEqual([[], []])
  })

  it.each(cases('bad'))('$name answers what cannot be done with an error', async ({ handler, version, requestOf }) => {
    const request = requestOf(version, unknown)
    const response = await broker.request(handler, version, request)
    if (Object.keys(request).length > 0) expect(errorCodesIn(response)).not.toEqual([])
    expect(broker.errors).toEqual([])
  })

  const others = servedHandlers().filter((handler) => !requestRows.some((one) => one.handler === handler))
  it.each(
    others.flatMap((handler) =>
      versionsOf(handler).map((version) => ({ name: `${named(handler)} ${version}`, handler, version })),
    ),
  )('$name answers a request that says nothing', async ({ handler, version }) => {
    await broker.request(handler, version, {})
    expect(broker.errors).toEqual([])
  })
})

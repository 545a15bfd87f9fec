import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { type Deserializer, defineTopic } from '../src/index.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const context = { topic: 'orders', headers: [] }

test.each([
  { what: 'an object', schema: z.object({ total: z.number() }), value: { total: 3.5 } },
  { what: 'a text', schema: z.string(), value: 'anna' },
  { what: 'a text that looks like a number', schema: z.string(), value: '17' },
  { what: 'a text that looks like JSON', schema: z.string(), value: '"anna"' },
  { what: 'a number', schema: z.number(), value: 17 },
  { what: 'one of several words', schema: z.enum(['new', 'old']), value: 'old' as const },
  { what: 'bytes', schema: z.instanceof(Uint8Array), value: Uint8Array.of(0xff, 0) },
])('$what that a schema sent is read by it as it was', ({ schema, value }) => {
  const topic = defineTopic('orders', { value: schema })
  const sent = topic.serializeValue(value as never)
  const data = typeof sent === 'string' ? utf8(sent) : sent
  expect(topic.deserializeValue?.(data!, context)).toEqual(value)
})

test('what a schema does not take is an error that says where', () => {
  const topic = defineTopic('orders', { value: z.object({ total: z.number() }) })
  expect(() => topic.deserializeValue?.(utf8('{"total":"much"}'), context)).toThrow('total: ')
  expect(() => topic.deserializeValue?.(utf8('no JSON'), context)).toThrow()
})

test('a serializer with a deserializer goes both ways, one alone is read as bytes', () => {
  const serialize = (id: number) => `order-${id}`
  const deserialize = (data: Uint8Array) => Number(new TextDecoder().decode(data).slice(6))
  const topic = defineTopic('orders', { key: { serialize, deserialize }, value: (value: string) => value })
  expect(topic.serializeKey(17)).toBe('order-17')
  expect(topic.deserializeKey?.(utf8('order-17'), context)).toBe(17)
  expect(topic.deserializeValue).toBeUndefined()
  expectTypeOf(topic.deserializeKey).toEqualTypeOf<Deserializer<number> | undefined>()
  expectTypeOf(topic.deserializeValue).toEqualTypeOf<Deserializer<Uint8Array> | undefined>()
})

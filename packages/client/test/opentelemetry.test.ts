import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MessagingTrace, messagingChannel } from '../src/index.ts'
import { bridgeOpenTelemetry, contextOfRecord } from '../src/opentelemetry.ts'

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const tracer = provider.getTracer('test')

beforeAll(() => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => {
  propagation.disable()
  context.disable()
})

/** What a producer would send, and what its sending came to, while the bridge stands. */
async function send(trace: Partial<MessagingTrace>, outcome: () => Promise<unknown>) {
  exporter.reset()
  const message: MessagingTrace = {
    clientId: 'me',
    bootstrapServers: ['broker:9092', 'other:9092'],
    isBatch: false,
    records: [{ topic: 'orders', key: 'anna', value: 'a' }],
    ...trace,
  }
  const end = bridgeOpenTelemetry({ tracer })
  let records: MessagingTrace['records'] = []
  await messagingChannel('producer.send')
    .tracePromise(() => {
      records = message.records
      return outcome()
    }, message)
    .catch(() => undefined)
  end()
  return { records, spans: exporter.getFinishedSpans() }
}

const written = () => Promise.resolve({ topic: 'orders', partition: 3, offset: 17, timestamp: 0 })

test('a send is a span of kind producer with the attributes of the conventions', async () => {
  const { spans } = await send({}, written)
  expect(spans.map(({ name, kind, attributes }) => ({ name, kind, attributes }))).toEqual([
    {
      name: 'send orders',
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.client.id': 'me',
        'messaging.destination.name': 'orders',
        'messaging.kafka.message.key': 'anna',
        'messaging.destination.partition.id': '3',
        'messaging.kafka.offset': 17,
        'server.address': 'broker',
        'server.port': 9092,
      },
    },
  ])
})

test('a list of records is one span that tells how many, and names the topic when it is one', async () => {
  const records = ['a', 'b'].map((value) => ({ topic: { name: 'orders' }, value }))
  const { spans } = await send({ isBatch: true, records }, () => Promise.resolve([]))
  expect(spans[0]).toMatchObject({ name: 'send orders', attributes: { 'messaging.batch.message_count': 2 } })
  const mixed = await send({ isBatch: true, records: [...records, { topic: 'other' }] }, () => Promise.resolve([]))
  expect(mixed.spans[0]!.name).toBe('send')
})

test('records carry the trace in their headers, beside their own', async () => {
  const records = [
    { topic: 'orders', headers: { own: 'x' } },
    { topic: 'orders', headers: [{ key: 'traceparent', value: 'stale' }] },
  ]
  const { records: sent, spans } = await send({ isBatch: true, records }, () => Promise.resolve([]))
  const { traceId, spanId } = spans[0]!.spanContext()
  const traceparent = { key: 'traceparent', value: `00-${traceId}-${spanId}-01` }
  expect(sent.map(({ headers }) => headers)).toEqual([[{ key: 'own', value: 'x' }, traceparent], [traceparent]])
})

test('the span belongs to the one that was active when it was sent', async () => {
  const parent = tracer.startSpan('order')
  const { spans } = await context.with(trace.setSpan(context.active(), parent), () => send({}, written))
  expect(spans[0]!.parentSpanContext?.spanId).toBe(parent.spanContext().spanId)
})

test('a send that fails is a span with the error and its code', async () => {
  const failure = Object.assign(new Error('too late'), { code: 'DELIVERY_TIMED_OUT' })
  const { spans } = await send({}, () => Promise.reject(failure))
  expect(spans[0]).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: 'too late' },
    attributes: { 'error.type': 'DELIVERY_TIMED_OUT' },
  })
})

test('what a consumer does with records is linked to what sent them', async () => {
  const { records, spans } = await send({}, written)
  const sender = spans[0]!.spanContext()
  exporter.reset()
  const end = bridgeOpenTelemetry({ tracer })
  const message = { clientId: '', bootstrapServers: [], groupId: 'g', isBatch: true, records }
  await messagingChannel('consumer.process').tracePromise(() => Promise.resolve(), message)
  end()
  const [span] = exporter.getFinishedSpans()
  expect(span).toMatchObject({
    name: 'process orders',
    kind: SpanKind.CONSUMER,
    attributes: { 'messaging.consumer.group.name': 'g' },
    links: [{ context: { traceId: sender.traceId, spanId: sender.spanId } }],
  })
  expect(trace.getSpanContext(contextOfRecord(records[0]!))).toMatchObject({ spanId: sender.spanId })
})

test('a bridge that was taken down makes no spans', async () => {
  await send({}, written)
  exporter.reset()
  await messagingChannel('producer.send').tracePromise(() => Promise.resolve(), {
    clientId: '',
    bootstrapServers: [],
    isBatch: false,
    records: [{ topic: 'orders' }],
  })
  expect(exporter.getFinishedSpans()).toEqual([])
  expect(messagingChannel('producer.send').hasSubscribers).toBe(false)
})

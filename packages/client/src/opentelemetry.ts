/**
 * Makes OpenTelemetry spans of what clients do, by the semantic conventions for messaging and Kafka, and hands the trace on in the
 * headers of records (`traceparent`, or whatever the propagator of the application writes). `@opentelemetry/api` is an optional peer.
 */
import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import {
  type MessagingOperation,
  type MessagingTrace,
  messagingChannel,
  type TracedHeaders,
  type TracedRecord,
} from './tracing/messaging-trace.ts'

/** How the bridge is made. */
export interface OpenTelemetryBridgeOptions {
  /** Makes the spans; the one of the globally registered provider when left out. */
  readonly tracer?: Tracer
  /** Whether records that are sent carry the trace in their headers; true when left out. */
  readonly propagate?: boolean
}

/** `name` and `type` are `messaging.operation.name` and `.type`. */
const operations: Readonly<Record<MessagingOperation, { name: string; type: string; kind: SpanKind }>> = {
  'producer.send': { name: 'send', type: 'send', kind: SpanKind.PRODUCER },
  'consumer.receive': { name: 'poll', type: 'receive', kind: SpanKind.CLIENT },
  'consumer.process': { name: 'process', type: 'process', kind: SpanKind.CONSUMER },
  'consumer.commit': { name: 'commit', type: 'settle', kind: SpanKind.CLIENT },
}

/** Makes spans of all clients of this process from now on; answers the function that ends it. */
export function bridgeOpenTelemetry(options: OpenTelemetryBridgeOptions = {}): () => void {
  const tracer = options.tracer ?? trace.getTracer('@odradek/client')
  const endings = (Object.keys(operations) as MessagingOperation[]).map((operation) =>
    bridgeOperation(operation, tracer, options.propagate ?? true),
  )
  return () => {
    for (const end of endings) end()
  }
}

/** The context that a record carries in its headers, to be the parent or the link of what is done with it. */
export function contextOfRecord(record: { readonly headers?: TracedHeaders | undefined }): Context {
  return propagation.extract(ROOT_CONTEXT, headerList(record.headers), {
    keys: (headers) => headers.map(({ key }) => key),
    get: (headers, name) => {
      const value = headers.findLast(({ key }) => key.toLowerCase() === name.toLowerCase())?.value
      return value === null || value === undefined ? undefined : textOf(value)
    },
  })
}

function bridgeOperation(operation: MessagingOperation, tracer: Tracer, propagate: boolean): () => void {
  const channel = messagingChannel(operation)
  const spans = new WeakMap<MessagingTrace, Span>()
  const subscribers = {
    start(message: MessagingTrace) {
      const span = startSpan(tracer, operation, message)
      spans.set(message, span)
      if (operation === 'producer.send' && propagate) message.records = withTrace(message.records, span)
    },
    end() {},
    asyncStart() {},
    asyncEnd(message: MessagingTrace) {
      const span = spans.get(message)
      span?.setAttributes(outcomeAttributes(message))
      span?.end()
    },
    error(message: MessagingTrace) {
      const { error } = message
      const failure = error instanceof Error ? error : new Error(String(error))
      const code = 'code' in failure ? String(failure.code) : failure.name
      const span = spans.get(message)
      span?.recordException(failure)
      span?.setAttribute('error.type', code)
      span?.setStatus({ code: SpanStatusCode.ERROR, message: failure.message })
    },
  }
  channel.subscribe(subscribers)
  return () => void channel.unsubscribe(subscribers)
}

function startSpan(tracer: Tracer, operation: MessagingOperation, message: MessagingTrace): Span {
  const { name, type, kind } = operations[operation]
  const topics = new Set(message.records.map(topicOf))
  const [topic] = topics
  const destination = topics.size === 1 ? topic : undefined
  const attributes: Attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    ...(message.clientId === '' ? {} : { 'messaging.client.id': message.clientId }),
    ...(destination === undefined ? {} : { 'messaging.destination.name': destination }),
    ...(message.groupId === undefined ? {} : { 'messaging.consumer.group.name': message.groupId }),
    ...(message.isBatch ? { 'messaging.batch.message_count': message.records.length } : recordAttributes(message)),
    ...serverAttributes(message.bootstrapServers),
  }
  const links = operation.startsWith('consumer.') ? linksOf(message.records) : []
  return tracer.startSpan(destination === undefined ? name : `${name} ${destination}`, { kind, attributes, links })
}

/** A link to the span that sent each record, where its headers tell. */
function linksOf(records: readonly TracedRecord[]): Link[] {
  const contexts = records.map((record) => trace.getSpanContext(contextOfRecord(record)))
  return contexts.filter((found) => found !== undefined).map((found) => ({ context: found }))
}

function recordAttributes({ records }: MessagingTrace): Attributes {
  const [record] = records
  if (record === undefined) return {}
  const { key, value, partition, offset } = record
  return {
    ...(typeof key === 'string' || key instanceof Uint8Array ? { 'messaging.kafka.message.key': textOf(key) } : {}),
    ...(value === null ? { 'messaging.kafka.message.tombstone': true } : {}),
    ...(partition === undefined ? {} : { 'messaging.destination.partition.id': String(partition) }),
    ...(offset === undefined ? {} : { 'messaging.kafka.offset': offset }),
  }
}

/** Where a single record was written. */
function outcomeAttributes({ isBatch, result }: MessagingTrace): Attributes {
  if (isBatch || typeof result !== 'object' || result === null) return {}
  const { partition, offset } = result as { readonly partition?: unknown; readonly offset?: unknown }
  return {
    ...(typeof partition === 'number' ? { 'messaging.destination.partition.id': String(partition) } : {}),
    ...(typeof offset === 'number' && offset >= 0 ? { 'messaging.kafka.offset': offset } : {}),
  }
}

function serverAttributes([server]: readonly string[]): Attributes {
  const parts = /^(?:\w+:\/\/)?\[?(.*?)\]?:(\d+)$/.exec(server ?? '')
  return parts === null ? {} : { 'server.address': parts[1]!, 'server.port': Number(parts[2]) }
}

function withTrace(records: readonly TracedRecord[], span: Span): readonly TracedRecord[] {
  const carrier: Record<string, string> = {}
  propagation.inject(trace.setSpan(context.active(), span), carrier)
  const added = Object.entries(carrier).map(([key, value]) => ({ key, value }))
  if (added.length === 0) return records
  return records.map((record) => {
    const kept = headerList(record.headers).filter(({ key }) => !(key in carrier))
    return { ...record, headers: [...kept, ...added] }
  })
}

function headerList(headers: TracedHeaders | undefined): { key: string; value: Uint8Array | string | null }[] {
  if (headers === undefined) return []
  if (Array.isArray(headers)) return [...headers]
  return Object.entries(headers as Readonly<Record<string, Uint8Array | string | null>>).map(([key, value]) => ({
    key,
    value,
  }))
}

function topicOf({ topic }: TracedRecord): string {
  return typeof topic === 'string' ? topic : topic.name
}

function textOf(data: Uint8Array | string): string {
  return typeof data === 'string' ? data : new TextDecoder().decode(data)
}

import { z } from 'zod'
import { boolean, int, long, oneOf, refused, row, string } from './config-row.ts'

const servers = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => (typeof given === 'string' ? given.split(',') : given).map((server) => server.trim()))
  .pipe(
    z
      .array(z.string().regex(/^(?:\w+:\/\/)?(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s]+):\d{1,5}$/, 'each server is host:port'))
      .min(1),
  ) as unknown as z.ZodType<readonly string[], string | readonly string[]>

/** The configs that all clients share, by Kafka's dotted names: addresses, metadata, time-outs and back-off. */
export const clientConfigs = {
  'bootstrap.servers': row({
    schema: servers,
    default: undefined,
    required: true,
    doc: 'Where to begin: `host:port` of one or more brokers, as a list or separated by commas.',
    importance: 'high',
    fromText: (text) => text,
    type: 'list of host:port',
  }),
  'client.id': string('', 'Name in the requests, for logs and quotas of the broker.', 'medium'),
  'client.rack': string('', 'Rack of this client.'),
  'client.dns.lookup': oneOf(['use_all_dns_ips'], 'use_all_dns_ips', {
    doc: 'Every address of a name is tried until one answers.',
    importance: 'medium',
  }),
  'bootstrap.resolve.timeout.ms': refused('names are resolved when connecting, within socketConnectionSetupTimeoutMs'),
  'connections.max.idle.ms': long(540_000, 'Connections that were not used for so long are closed.', {
    importance: 'medium',
  }),
  'request.timeout.ms': int(
    30_000,
    'How long an answer to a request may take; then the connection is closed and the request retried.',
    {
      min: 0,
      importance: 'medium',
    },
  ),
  'socket.connection.setup.timeout.ms': long(
    10_000,
    'How long connecting may take at first; grows with each failure.',
    {
      min: 0,
      importance: 'medium',
    },
  ),
  'socket.connection.setup.timeout.max.ms': long(30_000, 'How long connecting may take at most.', {
    min: 0,
    importance: 'medium',
  }),
  'reconnect.backoff.ms': long(50, 'Wait before the next attempt to connect; grows with each failure.', { min: 0 }),
  'reconnect.backoff.max.ms': long(1_000, 'Longest wait before the next attempt to connect.', { min: 0 }),
  'retry.backoff.ms': long(100, 'Wait before a failed request is sent again; grows with each failure.', { min: 0 }),
  'retry.backoff.max.ms': long(1_000, 'Longest wait before a failed request is sent again.', { min: 0 }),
  'metadata.max.age.ms': long(300_000, 'Metadata is refreshed after so long, also when nothing has failed.', {
    min: 0,
  }),
  'metadata.recovery.strategy': oneOf(['rebootstrap', 'none'], 'rebootstrap', {
    doc: 'Whether to begin from `bootstrapServers` again when no known broker answers (KIP-899, KIP-1102).',
  }),
  'metadata.recovery.rebootstrap.trigger.ms': long(
    300_000,
    'Metadata that could not be refreshed for so long makes the client begin from `bootstrapServers` again.',
    { min: 0 },
  ),
  'metadata.cluster.check.enable': boolean(
    true,
    'Brokers are told the cluster id and node id that are expected of them, and refuse when they have others.',
  ),
  'receive.buffer.bytes': refused('Node leaves the size of socket buffers to the operating system'),
  'send.buffer.bytes': refused('Node leaves the size of socket buffers to the operating system'),
  'config.providers': refused('read secrets in code and pass their values'),
  'enable.metrics.push': boolean(
    true,
    'Whether the metrics that the cluster asks for are pushed to it (KIP-714); a cluster that asks for none costs nothing.',
  ),
  'metric.reporters': refused('read `metrics()`, subscribe to the hooks of the client, or let the cluster ask'),
  'metrics.num.samples': int(2, 'How many windows of `metricsSampleWindowMs` rates, averages and maxima look back.', {
    min: 1,
  }),
  'metrics.recording.level': refused('nothing is measured before somebody asks for metrics, so there are no levels'),
  'metrics.sample.window.ms': long(30_000, 'Length of such a window.', { min: 0 }),
}

import { clusterWide, high, int, list, long, low, perBroker, required, string, used, valid } from '../config-row.ts'
import { atLeast, listOf, oneOf } from '../validators.ts'

/** Listeners, connections and the size of requests. */
export const socketConfigs = {
  listeners: list(
    ['PLAINTEXT://:9092'],
    'Where the node listens: NAME://host:port, an empty host for all interfaces.',
    high,
    valid(listOf({ nonEmpty: true })),
    perBroker,
    used,
  ),
  'advertised.listeners': list(
    null,
    'What clients are told to connect to; the listeners themselves by default.',
    high,
    valid(listOf({ nonEmpty: true, nullable: true })),
    used,
  ),
  'listener.security.protocol.map': string(
    'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    'Which security protocol each listener name stands for.',
    low,
    perBroker,
    used,
  ),
  'inter.broker.listener.name': string(null, 'Listener over which brokers talk to each other.', used),
  'security.inter.broker.protocol': string(
    'PLAINTEXT',
    'Security protocol between brokers when no listener name is given.',
    valid(oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL')),
    used,
  ),
  'controller.listener.names': list(
    required,
    'Listeners of the controllers; the first is the one brokers use.',
    high,
    valid(listOf({ nonEmpty: true })),
    used,
  ),
  'socket.request.max.bytes': int(
    104_857_600,
    'Largest request; a connection that announces more is closed.',
    high,
    valid(atLeast(1)),
    used,
  ),
  'socket.receive.buffer.bytes': int(
    102_400,
    'SO_RCVBUF of the sockets; Node leaves it to the operating system.',
    high,
  ),
  'socket.send.buffer.bytes': int(102_400, 'SO_SNDBUF of the sockets; Node leaves it to the operating system.', high),
  'socket.listen.backlog.size': int(
    50,
    "Connections the operating system queues before they are accepted; Node's 511 unless it is set.",
    valid(atLeast(1)),
    used,
  ),
  'socket.connection.setup.timeout.ms': long(10_000, 'First time-out for opening a connection to another node.'),
  'socket.connection.setup.timeout.max.ms': long(30_000, 'Longest time-out for opening a connection to another node.'),
  'max.connections': int(
    2_147_483_647,
    'Most connections of the broker at one time; settable for one listener.',
    valid(atLeast(0)),
    clusterWide,
    used,
  ),
  'max.connections.per.ip': int(
    2_147_483_647,
    'Most connections from one address.',
    valid(atLeast(0)),
    clusterWide,
    used,
  ),
  'max.connections.per.ip.overrides': string(
    '',
    'Exceptions to max.connections.per.ip: address:count,address:count.',
    clusterWide,
    used,
  ),
  'max.connection.creation.rate': int(
    2_147_483_647,
    'Most new connections a second; settable for one listener.',
    valid(atLeast(0)),
    clusterWide,
  ),
  'connections.max.idle.ms': long(600_000, 'An idle connection is closed after this long.', used),
  'connections.max.reauth.ms': long(0, 'Longest life of a SASL session before it has to be renewed; 0 for no limit.'),
  'connection.failed.authentication.delay.ms': int(
    100,
    'Delay before a connection that failed to authenticate is closed.',
    low,
    valid(atLeast(0)),
  ),
  'queued.max.requests': int(500, 'Requests that may wait before sockets are no longer read.', high, valid(atLeast(1))),
  'queued.max.request.bytes': long(
    -1,
    'Bytes of requests that may wait before sockets are no longer read; -1 for no limit.',
  ),
  'fetch.max.bytes': int(57_671_680, 'Most bytes in the answer to one Fetch request.', valid(atLeast(1024)), used),
  'max.incremental.fetch.session.cache.slots': int(
    1000,
    'Most fetch sessions kept (KIP-227).',
    valid(atLeast(0)),
    used,
  ),
}

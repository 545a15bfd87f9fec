/**
 * What every client of Kafka counts of its connections, for the client and for each broker (`producer-metrics`, `producer-node-metrics`).
 * Kafka: `SelectorMetrics`. Its figures of the selector's loop (`select-*`, `io-*`) have nothing to measure in Node.
 */
import type { ClientCore } from '../client-core.ts'
import type { MetricPlace, Metrics, Sensor } from './metrics.ts'

/** How the network is watched. */
export interface NetworkMetricsOptions {
  readonly core: ClientCore
  readonly metrics: Metrics
  /** `producer`, `consumer`, `admin-client`: what the groups begin with. */
  readonly client: string
  /** The API whose answers count as `request-latency`: `Produce`, `Fetch`. */
  readonly latencyApi: string
}

interface Traffic {
  readonly sent: Sensor
  readonly requestSize: Sensor
  readonly requests: Sensor
  readonly received: Sensor
  readonly responses: Sensor
}

/** Counts from now on; answers the function that ends it. */
export function watchNetwork(options: NetworkMetricsOptions): () => void {
  const { core, metrics, client, latencyApi } = options
  const { hooks, config } = core.context
  const place: MetricPlace = { group: `${client}-metrics`, tags: { 'client-id': config.clientId } }
  const all = trafficOf(metrics, place)
  const io = metrics.meter('network-io', place)
  const nodes = new Map<number, { readonly traffic: Traffic; readonly latency: Sensor }>()
  const nodeOf = (nodeId: number) => {
    const known = nodes.get(nodeId)
    if (known !== undefined) return known
    const tags = { ...place.tags, 'node-id': `node-${nodeId}` }
    const nodePlace = { group: `${client}-node-metrics`, tags }
    const made = {
      traffic: trafficOf(metrics, nodePlace),
      latency: metrics.sensor('request-latency', ['avg', 'max'], nodePlace),
    }
    nodes.set(nodeId, made)
    return made
  }
  const endings = [
    hooks.on('requestSent', ({ nodeId, bytes }) => {
      io(1)
      for (const traffic of [all, nodeOf(nodeId).traffic]) {
        traffic.sent(bytes)
        traffic.requestSize(bytes)
        traffic.requests(1)
      }
    }),
    hooks.on('responseReceived', ({ nodeId, bytes, api, latencyMs }) => {
      const node = nodeOf(nodeId)
      io(1)
      for (const traffic of [all, node.traffic]) {
        traffic.received(bytes)
        traffic.responses(1)
      }
      if (api === latencyApi) node.latency(latencyMs)
    }),
    ...watchConnections(core, metrics, place),
  ]
  return () => {
    for (const end of endings) end()
  }
}

function trafficOf(metrics: Metrics, place: MetricPlace): Traffic {
  return {
    sent: metrics.meter('outgoing-byte', place),
    requestSize: metrics.sensor('request-size', ['avg', 'max'], place),
    requests: metrics.meter('request', place),
    received: metrics.meter('incoming-byte', place),
    responses: metrics.meter('response', place),
  }
}

function watchConnections(core: ClientCore, metrics: Metrics, place: MetricPlace): (() => void)[] {
  const { hooks } = core.context
  const created = metrics.meter('connection-creation', place)
  const closed = metrics.meter('connection-close', place)
  const authenticated = metrics.meter('successful-authentication', place)
  const reauthenticated = metrics.meter('successful-reauthentication', place)
  const withoutEnd = metrics.sensor('successful-authentication-no-reauth', ['total'], place)
  const refused = metrics.meter('failed-authentication', place)
  const refusedAgain = metrics.meter('failed-reauthentication', place)
  const latency = metrics.sensor('reauthentication-latency', ['avg', 'max'], place)
  metrics.gauge('connection-count', place, () => core.network.connectionCount)
  metrics.gauge('requests-in-flight', place, () => core.network.inFlight)
  metrics.gauge('metadata-age', place, () => core.metadata.ageMs / 1000)
  return [
    hooks.on('connectionOpened', () => created(1)),
    hooks.on('connectionClosed', () => closed(1)),
    hooks.on('authenticated', ({ sessionLifetimeMs }) => {
      authenticated(1)
      if (sessionLifetimeMs <= 0) withoutEnd(1)
    }),
    hooks.on('reauthenticated', ({ durationMs }) => {
      reauthenticated(1)
      latency(durationMs)
    }),
    hooks.on('authenticationFailed', ({ isAgain }) => (isAgain ? refusedAgain(1) : refused(1))),
  ]
}

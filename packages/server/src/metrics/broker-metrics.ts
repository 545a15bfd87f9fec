/** What a broker does and has, told with the names of Kafka's own metrics. */
import type { Broker, BrokerEvents } from '@odradek/broker-core'
import { apiByKey, errorByCode } from '@odradek/protocol'
import type { Hooks } from '@odradek/runtime'
import { Counter, Histogram } from './instruments.ts'
import type { MetricFamily, MetricSample, MetricsSource } from './metric-family.ts'
import { prometheusName } from './metric-family.ts'

const boundsMs = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000]

const topicMetrics = (name: string) => prometheusName({ group: 'kafka.server', type: 'BrokerTopicMetrics', name })
const requestMetrics = (name: string) => prometheusName({ group: 'kafka.network', type: 'RequestMetrics', name })

/** Counts what the hooks tell and looks up the rest in the broker when it is asked. */
export class BrokerMetrics implements MetricsSource {
  readonly #messagesIn = new Counter({ name: topicMetrics('MessagesInPerSec'), help: 'Records written by producers.' })
  readonly #bytesIn = new Counter({ name: topicMetrics('BytesInPerSec'), help: 'Bytes written by producers.' })
  readonly #bytesOut = new Counter({ name: topicMetrics('BytesOutPerSec'), help: 'Bytes read by consumers.' })
  readonly #requests = new Counter({ name: requestMetrics('RequestsPerSec'), help: 'Requests answered.' })
  readonly #errors = new Counter({
    name: requestMetrics('ErrorsPerSec'),
    help: 'Errors in answers, each as often as it is there; NONE for an answer without any.',
  })
  readonly #totalTimeMs = new Histogram({
    name: requestMetrics('TotalTimeMs'),
    help: 'Milliseconds from a request to its answer, waiting included.',
    bounds: boundsMs,
  })
  readonly #connections = new Map<string, string>()
  readonly #opened = new Counter({
    name: 'kafka_server_socket_server_metrics_connection_creation_total',
    help: 'Connections accepted.',
  })
  readonly #closed = new Counter({
    name: 'kafka_server_socket_server_metrics_connection_close_total',
    help: 'Connections closed.',
  })
  readonly #ends: readonly (() => void)[]
  #broker: Broker | undefined

  /** Listens from now on; `attach` the broker when there is one. */
  constructor(hooks: Hooks<BrokerEvents>) {
    this.#ends = [
      hooks.on('appended', ({ topic, firstOffset, lastOffset, sizeInBytes }) => {
        if (topic === '__cluster_metadata') return
        this.#messagesIn.add({ topic }, lastOffset - firstOffset + 1)
        this.#bytesIn.add({ topic }, sizeInBytes)
      }),
      hooks.on('fetched', ({ topic, sizeInBytes }) => this.#bytesOut.add({ topic }, sizeInBytes)),
      hooks.on('topicDeleted', ({ topic }) => {
        for (const counter of [this.#messagesIn, this.#bytesIn, this.#bytesOut]) counter.forget('topic', topic)
      }),
      hooks.on('requestHandled', ({ apiKey, apiVersion, durationMs, errorCodes }) => {
        const request = apiByKey(apiKey)?.name ?? String(apiKey)
        this.#requests.add({ request, version: apiVersion })
        this.#totalTimeMs.observe({ request }, durationMs)
        for (const code of errorCodes) this.#errors.add({ request, error: errorByCode(code).name })
        if (errorCodes.length === 0) this.#errors.add({ request, error: 'NONE' })
      }),
      hooks.on('connectionOpened', ({ connectionId, listenerName: listener }) => {
        this.#connections.set(connectionId, listener)
        this.#opened.add({ listener })
      }),
      hooks.on('connectionClosed', ({ connectionId }) => {
        this.#closed.add({ listener: this.#connections.get(connectionId) ?? '' })
        this.#connections.delete(connectionId)
      }),
    ]
  }

  /** The broker whose state is told from now on. */
  attach(broker: Broker): void {
    this.#broker = broker
  }

  /** Ends the listening. */
  close(): void {
    for (const end of this.#ends) end()
  }

  *collect(): Generator<MetricFamily> {
    yield this.#messagesIn.collect()
    yield this.#bytesIn.collect()
    yield this.#bytesOut.collect()
    yield this.#requests.collect()
    yield this.#errors.collect()
    yield this.#totalTimeMs.collect()
    yield this.#opened.collect()
    yield this.#closed.collect()
    yield { ...connectionCount, samples: this.#connectionSamples() }
    if (this.#broker === undefined) return
    yield* replicaManagerMetrics(this.#broker)
    yield* logMetrics(this.#broker)
    yield* controllerMetrics(this.#broker)
  }

  #connectionSamples(): MetricSample[] {
    const counts = new Map<string, number>()
    for (const listener of this.#connections.values()) counts.set(listener, (counts.get(listener) ?? 0) + 1)
    return [...counts].map(([listener, value]) => ({ labels: { listener }, value }))
  }
}

const connectionCount = {
  name: 'kafka_server_socket_server_metrics_connection_count',
  type: 'gauge',
  help: 'Connections that are open.',
} as const

function* replicaManagerMetrics(broker: Broker): Generator<MetricFamily> {
  const replicas = [...broker.partitions.all()]
  const led = replicas.filter((partition) => partition.isLeader)
  const replicasOf = (topicId: string, index: number) =>
    broker.metadata.image.topics.byId(topicId)?.partitions.get(index)?.replicas.length ?? 0
  const under = led.filter((p) => p.isr.length < replicasOf(p.topicId, p.index))
  const underMin = led.filter((p) => p.isr.length < p.minInSyncReplicas)
  const gauge = (name: string, help: string, value: number) =>
    gaugeOf(prometheusName({ group: 'kafka.server', type: 'ReplicaManager', name }), help, value)
  yield gauge('PartitionCount', 'Partitions with a replica here.', replicas.length)
  yield gauge('LeaderCount', 'Partitions led by this broker.', led.length)
  yield gauge('UnderReplicatedPartitions', 'Partitions led here with a replica out of sync.', under.length)
  yield gauge('UnderMinIsrPartitionCount', 'Partitions led here below min.insync.replicas.', underMin.length)
  yield {
    name: prometheusName({ group: 'kafka.server', type: 'DelayedOperationPurgatory', name: 'PurgatorySize' }),
    type: 'gauge',
    help: 'Requests that wait.',
    samples: [
      { labels: { delayedoperation: 'Produce' }, value: broker.producePurgatory.size },
      { labels: { delayedoperation: 'Fetch' }, value: broker.fetchPurgatory.size },
    ],
  }
}

function* logMetrics(broker: Broker): Generator<MetricFamily> {
  const logs = [...broker.partitions.all()].map(({ topic, index, log }) => ({
    labels: { topic, partition: index },
    log,
  }))
  const perLog = (name: string, help: string, value: (log: (typeof logs)[number]['log']) => number): MetricFamily => ({
    name: prometheusName({ group: 'kafka.log', type: 'Log', name }),
    type: 'gauge',
    help,
    samples: logs.map(({ labels, log }) => ({ labels, value: value(log) })),
  })
  yield perLog('Size', 'Bytes of the log.', (log) => log.sizeInBytes)
  yield perLog('LogStartOffset', 'First offset that can be read.', (log) => log.logStartOffset)
  yield perLog('LogEndOffset', 'Offset of the next record.', (log) => log.logEndOffset)
  const offline = broker.logs.directories.filter((directory) => directory.failure !== undefined).length
  const name = prometheusName({ group: 'kafka.log', type: 'LogManager', name: 'OfflineLogDirectoryCount' })
  yield gaugeOf(name, 'Log directories that failed.', offline)
}

function* controllerMetrics(broker: Broker): Generator<MetricFamily> {
  const { image, raft, highWatermark } = broker.metadata
  const topics = [...image.topics.all()]
  const brokers = image.cluster.brokers()
  const active = brokers.filter((registration) => image.cluster.isActive(registration.brokerId)).length
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions.size, 0)
  const leaderless = topics.flatMap((topic) => [...topic.partitions.values()]).filter((p) => p.leader < 0).length
  const gauge = (name: string, help: string, value: number) =>
    gaugeOf(prometheusName({ group: 'kafka.controller', type: 'KafkaController', name }), help, value)
  yield gauge('ActiveControllerCount', '1 on the controller that leads the quorum.', raft.role === 'leader' ? 1 : 0)
  yield gauge('ActiveBrokerCount', 'Brokers that are registered and not fenced.', active)
  yield gauge('FencedBrokerCount', 'Brokers that are registered and fenced.', brokers.length - active)
  yield gauge('GlobalTopicCount', 'Topics of the cluster.', topics.length)
  yield gauge('GlobalPartitionCount', 'Partitions of the cluster.', partitions)
  yield gauge('OfflinePartitionsCount', 'Partitions without a leader.', leaderless)
  yield gaugeOf('kafka_server_raft_metrics_current_epoch', 'Epoch of the quorum.', raft.epoch)
  yield gaugeOf('kafka_server_raft_metrics_high_watermark', 'Committed end of the metadata log.', highWatermark)
}

function gaugeOf(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: 'gauge', samples: [{ value }] }
}

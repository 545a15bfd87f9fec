import type { BrokerEvents } from '@odradek/broker-core'
import { createTopics } from '@odradek/quorum'
import { Hooks } from '@odradek/runtime'
import { expect, test } from 'vitest'
import { startBroker } from '../../src/index.ts'
import { BrokerMetrics } from '../../src/metrics/broker-metrics.ts'
import { prometheusText } from '../../src/metrics/prometheus-text.ts'

const batch = { partition: 0, sizeInBytes: 100, producerId: -1, producerEpoch: -1, baseSequence: -1 }

/** The values by series, without help and types. */
function valuesOf(metrics: BrokerMetrics): Record<string, number> {
  const lines = prometheusText(metrics.collect()).split('\n')
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'))
  return Object.fromEntries(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

test('records and bytes are counted by topic, requests by api and version, connections by listener', () => {
  const hooks = new Hooks<BrokerEvents>()
  const metrics = new BrokerMetrics(hooks)
  hooks.emit('connectionOpened', { connectionId: 'a', listenerName: 'PLAINTEXT' })
  hooks.emit('connectionOpened', { connectionId: 'b', listenerName: 'PLAINTEXT' })
  hooks.emit('connectionClosed', { connectionId: 'a', reason: undefined })
  hooks.emit('appended', { ...batch, topic: 't', firstOffset: 0, lastOffset: 9 })
  hooks.emit('appended', { ...batch, topic: 't', firstOffset: 10, lastOffset: 10 })
  hooks.emit('appended', { ...batch, topic: 'gone', firstOffset: 0, lastOffset: 0 })
  hooks.emit('appended', { ...batch, topic: '__cluster_metadata', firstOffset: 0, lastOffset: 0 })
  hooks.emit('topicDeleted', { topic: 'gone', topicId: '' })
  hooks.emit('fetched', { topic: 't', partition: 0, fetchOffset: 3, sizeInBytes: 70 })
  hooks.emit('fetched', { topic: 't', partition: 1, fetchOffset: 4, sizeInBytes: 7 })
  const request = { apiKey: 0, apiVersion: 13, clientId: null, connectionId: 'b', durationMs: 1 }
  hooks.emit('requestHandled', { ...request, errorCodes: [] })
  hooks.emit('requestHandled', { ...request, errorCodes: [3, 3, 6] })
  expect(valuesOf(metrics)).toEqual({
    'kafka_server_brokertopicmetrics_messagesin_total{topic="t"}': 11,
    'kafka_server_brokertopicmetrics_bytesin_total{topic="t"}': 200,
    'kafka_server_brokertopicmetrics_bytesout_total{topic="t"}': 77,
    'kafka_network_requestmetrics_requests_total{request="Produce",version="13"}': 2,
    'kafka_network_requestmetrics_errors_total{request="Produce",error="NONE"}': 1,
    'kafka_network_requestmetrics_errors_total{request="Produce",error="UNKNOWN_TOPIC_OR_PARTITION"}': 2,
    'kafka_network_requestmetrics_errors_total{request="Produce",error="NOT_LEADER_OR_FOLLOWER"}': 1,
    'kafka_network_requestmetrics_totaltimems_sum{request="Produce"}': 2,
    'kafka_network_requestmetrics_totaltimems_count{request="Produce"}': 2,
    'kafka_server_socket_server_metrics_connection_creation_total{listener="PLAINTEXT"}': 2,
    'kafka_server_socket_server_metrics_connection_close_total{listener="PLAINTEXT"}': 1,
    'kafka_server_socket_server_metrics_connection_count{listener="PLAINTEXT"}': 1,
  })
})

test('a broker tells how many partitions it has and leads, and that it is the controller', async () => {
  await using running = await startBroker({ tcp: false })
  const metrics = new BrokerMetrics(running.hooks)
  metrics.attach(running.broker)
  const topic = { name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
  const request = { topics: [topic], timeoutMs: 1000, validateOnly: false }
  await running.broker.controller.run((context) => createTopics(request, context))
  expect(valuesOf(metrics)).toMatchObject({
    kafka_server_replicamanager_partitioncount: 1,
    kafka_server_replicamanager_leadercount: 1,
    kafka_server_replicamanager_underreplicatedpartitions: 0,
    kafka_controller_kafkacontroller_activecontrollercount: 1,
    kafka_controller_kafkacontroller_globaltopiccount: 1,
    kafka_controller_kafkacontroller_activebrokercount: 1,
    'kafka_log_log_logendoffset{topic="t",partition="0"}': 0,
  })
})

test('after close nothing is counted', () => {
  const hooks = new Hooks<BrokerEvents>()
  const metrics = new BrokerMetrics(hooks)
  metrics.close()
  hooks.emit('connectionOpened', { connectionId: 'a', listenerName: 'PLAINTEXT' })
  expect(valuesOf(metrics)).toEqual({})
})

import { startBroker } from '@odradek/broker-core'
import { staticLayers } from '@odradek/broker-core/config'
import { MemoryStorage, MemoryTransport } from '@odradek/runtime'
import { NodeClock, NodeRandom } from '@odradek/runtime/node'

const clock = new NodeClock()
const running = await startBroker({
  layers: staticLayers([
    ['node.id', '1'],
    ['process.roles', 'broker,controller'],
    ['controller.listener.names', 'CONTROLLER'],
    ['log.dirs', '/data'],
  ]),
  listeners: [{ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', port: 9092 }],
  formatWithClusterId: 'b2RyYWRlay1leGFtcGxlLQ',
  storage: new MemoryStorage(),
  inMemory: true,
  transport: new MemoryTransport({ clock }),
  clock,
  random: new NodeRandom(),
})

/** What the metadata log says about the broker, as `kafka-metadata-quorum` would show it. */
export const { clusterId, nodeId, brokerEpoch } = running.broker

await running.close()
clock.cancelAll()

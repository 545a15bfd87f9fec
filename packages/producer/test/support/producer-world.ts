import { SimWorld } from '@odradek/runtime/sim'
import { Producer, type ProducerOptions } from '../../src/index.ts'
import { ScriptedBroker, type ScriptedBrokerOptions, type ScriptedCluster, scriptedCluster } from './scripted-broker.ts'

/** A simulated world with one scripted broker and one producer, in virtual time. */
export interface ProducerWorld {
  readonly world: SimWorld
  /** The first broker. */
  readonly broker: ScriptedBroker
  readonly brokers: readonly ScriptedBroker[]
  readonly cluster: ScriptedCluster
  readonly producer: Producer
}

/** What may be chosen about a world. */
export type ProducerWorldOptions = Omit<ProducerOptions, 'bootstrapServers' | 'hooks'> & {
  readonly seed?: number
  readonly partitions?: number
  /** How many brokers there are; 1 when left out. */
  readonly brokerCount?: number
  readonly topics?: ScriptedBrokerOptions['topics']
}

/** Makes a world; nothing has been sent in it. */
export async function producerWorld(options: ProducerWorldOptions = {}): Promise<ProducerWorld> {
  const { seed = 1, partitions = 1, brokerCount = 1, topics, ...rest } = options
  const world = new SimWorld({ seed })
  const cluster = scriptedCluster(brokerCount)
  const brokers = cluster.brokers.map(({ nodeId, host }) => {
    const { transport } = world.node(host).start()
    const now = () => world.elapsedMs
    return new ScriptedBroker({
      transport,
      now,
      partitions,
      nodeId,
      cluster,
      ...(topics === undefined ? {} : { topics }),
    })
  })
  for (const broker of brokers) await world.settle(broker.listen())
  const { clock, random, transport, storage } = world.node('client').start()
  const producer = new Producer({ bootstrapServers: 'broker:9092', clock, random, transport, storage, ...rest })
  return { world, broker: brokers[0]!, brokers, cluster, producer }
}

/** The outcome of a promise that may fail, so that a failure is looked at when its time has come. */
export function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: Error) => error)
}

import { SimWorld } from '@odradek/runtime/sim'
import { Producer, type ProducerOptions } from '../../src/index.ts'
import { ScriptedBroker, type ScriptedBrokerOptions } from './scripted-broker.ts'

/** A simulated world with one scripted broker and one producer, in virtual time. */
export interface ProducerWorld {
  readonly world: SimWorld
  readonly broker: ScriptedBroker
  readonly producer: Producer
}

/** What may be chosen about a world. */
export type ProducerWorldOptions = Omit<ProducerOptions, 'bootstrapServers' | 'hooks'> & {
  readonly seed?: number
  readonly partitions?: number
  readonly topics?: ScriptedBrokerOptions['topics']
}

/** Makes a world; nothing has been sent in it. */
export async function producerWorld(options: ProducerWorldOptions = {}): Promise<ProducerWorld> {
  const { seed = 1, partitions = 1, topics, ...rest } = options
  const world = new SimWorld({ seed })
  const host = world.node('broker').start()
  const broker = new ScriptedBroker({
    transport: host.transport,
    now: () => world.elapsedMs,
    partitions,
    ...(topics === undefined ? {} : { topics }),
  })
  await world.settle(broker.listen())
  const { clock, random, transport, storage } = world.node('client').start()
  const producer = new Producer({ bootstrapServers: 'broker:9092', clock, random, transport, storage, ...rest })
  return { world, broker, producer }
}

/** The outcome of a promise that may fail, so that a failure is looked at when its time has come. */
export function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: Error) => error)
}

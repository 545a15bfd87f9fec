import { SimWorld } from '@odradek/runtime/sim'
import { Consumer, type ConsumerOptions, type ConsumerRecords, stringDeserializer } from '../../src/index.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

/** A simulated world with scripted brokers and one consumer of texts, in virtual time. */
export interface ConsumerWorld {
  readonly world: SimWorld
  readonly cluster: ScriptedCluster
  readonly consumer: Consumer<string, string>
  /** Polls once and answers the values. */
  values(timeoutMs?: number): Promise<string[]>
  /** Polls until there are so many values. */
  read(count: number): Promise<string[]>
}

/** What may be chosen about a world. */
export type ConsumerWorldOptions = Partial<Omit<ConsumerOptions<string, string>, 'bootstrapServers'>> & {
  readonly seed?: number
  readonly brokerCount?: number
}

/** The partition that most tests read. */
export const orders = { topic: 'orders', partition: 0 }

/** Makes a world whose consumer is assigned nothing yet. */
export async function consumerWorld(options: ConsumerWorldOptions = {}): Promise<ConsumerWorld> {
  const { seed = 1, brokerCount = 1, ...rest } = options
  const world = new SimWorld({ seed })
  const machines = Array.from({ length: brokerCount }, (_, index) =>
    world.node(index === 0 ? 'broker' : `broker-${index + 1}`).start(),
  )
  const cluster = new ScriptedCluster(brokerCount, machines[0]!.clock)
  for (const [index, { transport }] of machines.entries()) await world.settle(cluster.listen(index + 1, transport))
  const { clock, random, transport, storage } = world.node('client').start()
  const consumer = new Consumer<string, string>({
    bootstrapServers: 'broker:9092',
    clock,
    random,
    transport,
    storage,
    autoOffsetReset: 'earliest',
    keyDeserializer: stringDeserializer,
    valueDeserializer: stringDeserializer,
    ...rest,
  })
  const valuesOf = (records: ConsumerRecords<string, string>) => [...records].map(({ value }) => value ?? '')
  const values = async (timeoutMs = 1_000) => valuesOf(await world.settle(consumer.poll({ timeoutMs })))
  const read = async (count: number) => {
    const found: string[] = []
    for (let polls = 0; found.length < count; polls++) {
      if (polls > count + 100) throw new Error(`${found.length} of ${count} records came`)
      found.push(...(await values()))
    }
    return found
  }
  return { world, cluster, consumer, values, read }
}

/** The outcome of a promise that may fail, so that a failure is looked at when its time has come. */
export function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: Error) => error)
}

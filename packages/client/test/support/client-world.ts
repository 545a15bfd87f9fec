import { encodeResponseFrame, FrameDecoder, Reader, readRequestHeader } from '@odradek/protocol'
import { requestType, responseType } from '@odradek/protocol/lookup'
import { type Connection, Hooks, silentLogger } from '@odradek/runtime'
import { SimWorld } from '@odradek/runtime/sim'
import {
  type ClientCore,
  type ClientEvents,
  ConfigTable,
  clientConfigs,
  createClientCore,
  securityConfigs,
} from '../../src/index.ts'

/** Answers one API: a body, nothing, or the end of the connection. */
export type Handler = (request: never, connection: Connection) => object | undefined

/** A simulated world with one broker made of handlers, and a client. */
export interface ClientWorld {
  readonly world: SimWorld
  readonly core: ClientCore
  readonly hooks: Hooks<ClientEvents>
  readonly handlers: Map<number, Handler>
  /** Names of the APIs that were asked, in their order. */
  readonly asked: string[]
  readonly connections: Set<Connection>
}

const table = new ConfigTable({ ...clientConfigs, ...securityConfigs })

/** What a broker answers to Metadata: itself and the topics asked for, with one partition each. */
export function metadataOf(request: { topics: { name: string }[] | null }, broker = 'broker'): object {
  return {
    clusterId: 'cluster',
    brokers: [{ nodeId: 1, host: broker, port: 9092 }],
    topics: (request.topics ?? []).map(({ name }) => ({
      name,
      partitions: [{ partitionIndex: 0, leaderId: 1, leaderEpoch: 0 }],
    })),
  }
}

/** What a broker answers to ApiVersions: everything it has a handler for. */
function versionsOf(handlers: ReadonlyMap<number, Handler>): object {
  const apiKeys = [...handlers.keys(), 18].map((apiKey) => {
    const { minVersion, maxVersion } = requestType(apiKey)!
    return { apiKey, minVersion, maxVersion }
  })
  return { apiKeys }
}

/** Makes the world; `hosts` are the brokers, all of which answer alike. */
export async function clientWorld(
  { seed = 1, ...options }: { readonly seed?: number; readonly [option: string]: unknown } = {},
  hosts: readonly string[] = ['broker'],
): Promise<ClientWorld> {
  const world = new SimWorld({ seed })
  const handlers = new Map<number, Handler>([[3, (request) => metadataOf(request)]])
  const asked: string[] = []
  const connections = new Set<Connection>()
  for (const host of hosts) {
    const { transport } = world.node(host).start()
    const listener = transport.listen({ host, port: 9092 }, (connection) => {
      const frames = new FrameDecoder()
      connections.add(connection)
      connection.start({
        data: (chunk) => {
          for (const frame of frames.push(chunk)) answer(frame, connection)
        },
        close: () => connections.delete(connection),
      })
    })
    await world.settle(listener)
  }
  function answer(frame: Uint8Array, connection: Connection): void {
    const reader = new Reader(frame)
    const { requestApiKey: key, requestApiVersion: version, correlationId } = readRequestHeader(reader)
    asked.push(requestType(key)!.name.replace(/Request$/, ''))
    const request = requestType(key)!.read(reader, version)
    const body = key === 18 ? versionsOf(handlers) : handlers.get(key)?.(request as never, connection)
    if (body !== undefined) connection.write(encodeResponseFrame(responseType(key)!, body, { version, correlationId }))
  }
  const hooks = new Hooks<ClientEvents>()
  const { values } = table.parse({ bootstrapServers: `${hosts[0]}:9092`, ...options })
  const ports = { ...world.node('client').start(), logger: silentLogger }
  const core = createClientCore({
    config: values,
    ports,
    hooks,
    metadataMaxIdleMs: 300_000,
    allowAutoTopicCreation: true,
  })
  return { world, core, hooks, handlers, asked, connections }
}

/** The outcome of a promise that may fail. */
export function outcome<T>(promise: Promise<T>): Promise<T | Error> {
  return promise.catch((error: Error) => error)
}

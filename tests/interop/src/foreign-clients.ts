import { goClients, startGoDriver } from './clients/go.ts'
import { JavaClient, startJavaDriver } from './clients/java.ts'
import { KafkajsClient } from './clients/kafkajs.ts'
import { KcatClient } from './clients/kcat.ts'
import { OdradekClient } from './clients/odradek.ts'
import { PlatformaticClient } from './clients/platformatic.ts'
import { pythonClients, startPythonDriver } from './clients/python.ts'
import type { ForeignClient } from './foreign-client.ts'
import { missing, type Runtime } from './runtimes.ts'

/** Every client of the suite, with the runtime it needs beside Node. */
export const clientRuntimes = {
  java: 'java',
  kcat: 'kcat',
  'franz-go': 'go',
  sarama: 'go',
  'kafka-go': 'go',
  'confluent-kafka': 'python',
  aiokafka: 'python',
  kafkajs: undefined,
  platformatic: undefined,
  odradek: undefined,
} as const satisfies Record<string, Runtime | undefined>

/** The name of a client of the suite. */
export type ClientName = keyof typeof clientRuntimes

/** The names of all clients. */
export const clientNames = Object.keys(clientRuntimes) as readonly ClientName[]

/** Why a client cannot be used here, or undefined if it can. */
export function clientMissing(name: ClientName): string | undefined {
  const runtime = clientRuntimes[name]
  return runtime === undefined ? undefined : missing(runtime)
}

/** All clients that can be used here, their drivers started; disposing them ends the drivers. */
export class ForeignClients implements AsyncDisposable {
  readonly #clients: ReadonlyMap<string, ForeignClient>

  private constructor(clients: readonly ForeignClient[]) {
    this.#clients = new Map(clients.map((client) => [client.name, client]))
  }

  /** Starts the drivers of the clients whose runtime is there. */
  static async start(): Promise<ForeignClients> {
    const clients: ForeignClient[] = [new KafkajsClient(), new PlatformaticClient(), new OdradekClient()]
    if (missing('kcat') === undefined) clients.push(new KcatClient())
    if (missing('java') === undefined) clients.push(new JavaClient(await startJavaDriver()))
    if (missing('go') === undefined) clients.push(...goClients(await startGoDriver()))
    if (missing('python') === undefined) clients.push(...pythonClients(startPythonDriver()))
    return new ForeignClients(clients)
  }

  /** A client by name; throws if its runtime is missing. */
  get(name: ClientName): ForeignClient {
    const client = this.#clients.get(name)
    if (client === undefined) throw new Error(`${name}: ${clientMissing(name)}`)
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client[Symbol.asyncDispose]()))
  }
}

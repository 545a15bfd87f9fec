import { Hooks, silentLogger } from '@odradek/runtime'
import { NodeClock, NodeRandom, NodeStorage, NodeTransport } from '@odradek/runtime/node'
import type { ClientConfig, ClientContext, ClientPorts } from './client-context.ts'
import type { ClientEvents } from './client-events.ts'
import type { ConfigValues } from './config/config-table.ts'
import type { securityConfigs } from './config/security-configs.ts'
import { Metadata } from './metadata.ts'
import { NetworkClient } from './network-client.ts'
import { securityOf } from './security.ts'

/** The options by which a user replaces a port; they stand beside Kafka's. */
export const portOptions = ['transport', 'clock', 'random', 'storage', 'logger', 'hooks'] as const

/** What a client is built on. */
export interface ClientCoreOptions {
  readonly config: ClientConfig & ConfigValues<typeof securityConfigs>
  readonly ports: Partial<ClientPorts>
  readonly hooks?: Hooks<ClientEvents>
  readonly metadataMaxIdleMs: number
  readonly allowAutoTopicCreation: boolean
  /** See `MetadataOptions.topics`. */
  readonly topics?: (() => Iterable<string> | 'all') | undefined
}

/** Connections, metadata and ports of one client. */
export interface ClientCore {
  readonly context: ClientContext
  readonly network: NetworkClient
  readonly metadata: Metadata
  close(): void
}

/** Puts together what every client stands on; nothing is connected yet. @throws ConfigError */
export function createClientCore(options: ClientCoreOptions): ClientCore {
  const { ports, config, metadataMaxIdleMs: maxIdleMs, allowAutoTopicCreation, topics } = options
  const context: ClientContext = {
    config,
    transport: ports.transport ?? new NodeTransport(),
    clock: ports.clock ?? new NodeClock(),
    random: ports.random ?? new NodeRandom(),
    logger: ports.logger ?? silentLogger,
    hooks: options.hooks ?? new Hooks<ClientEvents>(),
    security: securityOf(config, ports.storage ?? new NodeStorage()),
  }
  const network = new NetworkClient(context)
  const metadata = new Metadata({ context, network, maxIdleMs, allowAutoTopicCreation, topics })
  return {
    context,
    network,
    metadata,
    close() {
      metadata.close()
      network.close()
    },
  }
}

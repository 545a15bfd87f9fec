import type { Clock, Hooks, Logger, Random, Storage, Transport } from '@odradek/runtime'
import type { ClientEvents } from './client-events.ts'
import type { clientConfigs } from './config/client-configs.ts'
import type { ConfigValues } from './config/config-table.ts'
import type { Security } from './security.ts'

/** The options that every client has. */
export type ClientConfig = ConfigValues<typeof clientConfigs>

/** Through what a client touches the world. */
export interface ClientPorts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  /** For certificates that are given as files. */
  readonly storage: Pick<Storage, 'open' | 'exists'>
  readonly logger: Logger
}

/** What the parts of one client share. */
export interface ClientContext extends Omit<ClientPorts, 'storage'> {
  readonly config: ClientConfig
  readonly hooks: Hooks<ClientEvents>
  readonly security: Security
}

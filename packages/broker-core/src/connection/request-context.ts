import type { Broker } from '../broker.ts'
import type { ConnectionContext } from './connection-context.ts'

/** What a handler knows beside its request. */
export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connection: ConnectionContext
  readonly broker: Broker
}

import type { Broker } from '../broker.ts'
import type { ConnectionContext } from './connection-context.ts'

/** An API and the versions of it that are served. */
export interface ServedApi {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

/** What a handler knows beside its request. */
export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connection: ConnectionContext
  readonly broker: Broker
  /** What is served on the listener the client came in by, by ascending key. */
  readonly servedApis: readonly ServedApi[]
}

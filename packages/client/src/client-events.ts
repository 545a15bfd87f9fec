/** What a client does on the network, told on its hooks. Durations are milliseconds, `nodeId` is -1 for a bootstrap address. */
export interface ClientEvents {
  readonly connectionOpened: { readonly nodeId: number; readonly host: string; readonly port: number }
  /** `reason` when it was not closed on purpose. */
  readonly connectionClosed: {
    readonly nodeId: number
    readonly host: string
    readonly port: number
    readonly reason: string | undefined
  }
  /** An attempt to connect failed; the next one comes no earlier than `retryInMs`. */
  readonly connectionFailed: {
    readonly nodeId: number
    readonly host: string
    readonly port: number
    readonly reason: string
    readonly retryInMs: number
  }
  readonly requestSent: {
    readonly nodeId: number
    readonly api: string
    readonly version: number
    readonly correlationId: number
    readonly bytes: number
  }
  readonly responseReceived: {
    readonly nodeId: number
    readonly api: string
    readonly version: number
    readonly correlationId: number
    readonly bytes: number
    readonly latencyMs: number
  }
  /** `sessionLifetimeMs` is for how long the broker takes requests without a new authentication (KIP-368), 0 for ever. */
  readonly authenticated: { readonly nodeId: number; readonly sessionLifetimeMs: number; readonly durationMs: number }
  readonly reauthenticated: { readonly nodeId: number; readonly sessionLifetimeMs: number; readonly durationMs: number }
  readonly authenticationFailed: { readonly nodeId: number; readonly isAgain: boolean; readonly reason: string }
  readonly metadataUpdated: { readonly clusterId: string | null; readonly brokers: number; readonly topics: number }
  readonly metadataFailed: { readonly reason: string; readonly retryInMs: number }
  /** The cluster told which metrics it wants (KIP-714): prefixes of names, and none at all when it wants nothing. */
  readonly telemetrySubscribed: {
    readonly clientInstanceId: string
    readonly pushIntervalMs: number
    readonly requestedMetrics: readonly string[]
  }
  readonly telemetryPushed: { readonly metrics: number; readonly bytes: number; readonly terminating: boolean }
  /** The known brokers were dropped for the bootstrap servers (KIP-1102). */
  readonly rebootstrapped: { readonly reason: string }
}

import type { Address } from '@odradek/runtime'

/** A client's connection as handlers see it. */
export interface ConnectionContext {
  /** Unique within the broker's life: `host:port-host:port-index`, as Kafka writes connection ids. */
  readonly id: string
  readonly listenerName: string
  readonly securityProtocol: string
  readonly remote: Address
  /** Kafka's principal string, `User:ANONYMOUS` where nobody logged in. */
  readonly principal: string
  /** From the ApiVersions request of KIP-511; empty until the client said so. */
  clientSoftwareName: string
  clientSoftwareVersion: string
  /** Resolved when the client is gone, so that what waits for it can be dropped. */
  onClose(callback: () => void): () => void
  /**
   * Called when the answer being made, and all before it, have left and their memory may be used again. Never called where that
   * cannot be known: the client was gone before, or shares memory with the broker.
   */
  whenSent(callback: () => void): void
}

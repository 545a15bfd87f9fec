import { maxConnectionsPerIpOverridesOf } from '../config/broker-config-rules.ts'
import type { BrokerConfig } from '../config/broker-configs.ts'

/** Why a connection is not let in. */
export interface ConnectionRefusal {
  readonly config: 'max.connections' | 'max.connections.per.ip'
  readonly limit: number
}

/**
 * Counts connections, all of them and those of each address (Kafka's `ConnectionQuotas`). The limits are those of the configs that
 * hold when a connection comes. `max.connections.per.ip.overrides` is compared with addresses; names are not looked up.
 */
export class ConnectionQuotas {
  readonly #configs: () => BrokerConfig
  readonly #counts = new Map<string, number>()
  #count = 0
  #overrides: { readonly of: BrokerConfig; readonly limits: ReadonlyMap<string, number> } | undefined

  constructor(configs: () => BrokerConfig) {
    this.#configs = configs
  }

  /** Counts a connection from this address in, or answers why it may not come. */
  enter(host: string): ConnectionRefusal | undefined {
    const { maxConnections } = this.#configs()
    const address = addressOf(host)
    const count = this.#counts.get(address) ?? 0
    const perIp = this.#limitOf(address)
    if (this.#count >= maxConnections) return { config: 'max.connections', limit: maxConnections }
    if (count >= perIp) return { config: 'max.connections.per.ip', limit: perIp }
    this.#count++
    this.#counts.set(address, count + 1)
    return undefined
  }

  /** A connection that was let in is over. */
  leave(host: string): void {
    const address = addressOf(host)
    const left = (this.#counts.get(address) ?? 0) - 1
    this.#count--
    if (left > 0) this.#counts.set(address, left)
    else this.#counts.delete(address)
  }

  #limitOf(address: string): number {
    const config = this.#configs()
    if (this.#overrides?.of !== config) {
      const named = [...maxConnectionsPerIpOverridesOf(config)]
      const limits = new Map(named.map(([host, limit]): [string, number] => [addressOf(host), limit]))
      this.#overrides = { of: config, limits }
    }
    return this.#overrides.limits.get(address) ?? config.maxConnectionsPerIp
  }
}

/** One form for an IPv4 address, whether the socket speaks IPv4 or IPv6. */
function addressOf(host: string): string {
  return host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
}

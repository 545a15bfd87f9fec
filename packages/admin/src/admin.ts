import type { ClientEvents, ClientMetric, ConfigOptions } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import { ClusterCalls } from './calls/cluster-calls.ts'
import { clientInstanceId } from './cluster/client-instance-id.ts'
import { type AdminOptions, adminConfigTable } from './config/admin-config.ts'
import type { adminConfigs } from './config/admin-configs.ts'
import type { CallOptions } from './core/admin-call.ts'
import { AdminCore } from './core/admin-core.ts'

/**
 * Kafka's Admin: describes and changes a cluster. It connects with the first call; one of them serves a whole process. Every call takes
 * `timeoutMs` and `signal`; calls about many items resolve to `Results`, where the error of one item is its own. The calls stand in
 * `calls/`, a class for each family, and each call in a file of its own beside them.
 */
export class Admin extends ClusterCalls implements AsyncDisposable {
  #closing: Promise<void> | undefined

  /** @throws ConfigError for options that are unknown, out of range, missing or contradict each other */
  constructor(options: AdminOptions) {
    super(new AdminCore(options))
  }

  /** Options from Kafka's `.properties` format, as text or already taken apart: `new Admin(Admin.fromProperties(text))`. @throws ConfigError */
  static fromProperties(properties: string | Readonly<Record<string, string>>): ConfigOptions<typeof adminConfigs> {
    return adminConfigTable.fromProperties(properties)
  }

  /** What the connections do, as typed events. */
  get hooks(): Hooks<ClientEvents> {
    return this.core.hooks
  }

  /** The metrics of this client, under the names of Kafka's own. They are counted from the first call on. */
  metrics(): Iterable<ClientMetric> {
    return this.core.metrics()
  }

  /**
   * The id under which the cluster keeps the metrics of this client (KIP-714).
   * @throws KafkaError ILLEGAL_STATE unless `enableMetricsPush` is on
   */
  clientInstanceId(options?: CallOptions): Promise<string> {
    return clientInstanceId(this.core, options)
  }

  /** Takes no more calls, waits for those under way for at most `timeoutMs` (without bound when left out), then closes all connections. */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.core.close(options.timeoutMs)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

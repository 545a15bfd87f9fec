import type { LogRegistry } from '@odradek/log'
import { randomUuid } from '@odradek/protocol'
import type { Clock, Hooks, Logger, Random } from '@odradek/runtime'
import type { BrokerEvents } from './broker-events.ts'
import type { EffectiveConfigs } from './config/effective-configs.ts'
import { FetchSessions } from './fetch/fetch-sessions.ts'
import { ReadBuffers } from './fetch/read-buffers.ts'
import { Groups } from './groups/groups.ts'
import { Controller } from './metadata/controller.ts'
import { endpointOf } from './metadata/endpoints.ts'
import type { MetadataLog } from './metadata/metadata-log.ts'
import type { Partition } from './partitions/partition.ts'
import { Partitions } from './partitions/partitions.ts'
import { Purgatory } from './partitions/purgatory.ts'
import { Turn } from './partitions/turn.ts'
import { ProducerIds } from './producer-ids.ts'
import { ClientTelemetry } from './telemetry/client-telemetry.ts'

/** What a broker is made of: its identity, its metadata, its logs, and the world it lives in. */
export interface BrokerOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly configs: EffectiveConfigs
  readonly metadata: MetadataLog
  readonly logs: LogRegistry
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly hooks: Hooks<BrokerEvents>
}

/** Where clients of a listener reach a broker. */
export interface NodeEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** A running broker as its request handlers see it: the collaborators, each asked one question at a time. */
export class Broker {
  readonly nodeId: number
  readonly clusterId: string
  readonly configs: EffectiveConfigs
  readonly metadata: MetadataLog
  readonly controller: Controller
  readonly logs: LogRegistry
  readonly partitions: Partitions
  readonly producerIds: ProducerIds
  readonly groups: Groups
  readonly fetchSessions: FetchSessions
  readonly readBuffers = new ReadBuffers()
  readonly fetchPurgatory: Purgatory
  readonly producePurgatory: Purgatory
  readonly telemetry: ClientTelemetry
  readonly turn: Turn
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly hooks: Hooks<BrokerEvents>

  constructor(options: BrokerOptions) {
    const { clock, random, metadata, configs, nodeId } = options
    this.nodeId = nodeId
    this.clusterId = options.clusterId
    this.configs = configs
    this.metadata = metadata
    this.logs = options.logs
    this.clock = clock
    this.random = random
    this.logger = options.logger
    this.hooks = options.hooks
    this.controller = new Controller({ metadata, configs, random })
    this.partitions = new Partitions(() => metadata.image)
    this.producerIds = new ProducerIds(this.controller, () => ({ brokerId: nodeId, brokerEpoch: this.brokerEpoch }))
    const slots = configs.broker.maxIncrementalFetchSessionCacheSlots
    this.fetchSessions = new FetchSessions({ clock, random, slots })
    this.fetchPurgatory = new Purgatory('fetch', clock)
    this.producePurgatory = new Purgatory('produce', clock)
    this.telemetry = new ClientTelemetry({
      clock,
      image: () => metadata.image,
      newUuid: () => randomUuid((length) => random.nextBytes(length)),
      maxBytes: configs.broker.telemetryMaxBytes,
    })
    this.turn = new Turn(clock)
    this.groups = new Groups(this)
  }

  /** The epoch of this broker's registration, -1 before it. */
  get brokerEpoch(): number {
    return this.metadata.image.cluster.broker(this.nodeId)?.brokerEpoch ?? -1
  }

  /** Wakes whoever waits for a partition: producers first, since their answers need no reading. */
  changed(partition: Partition): void {
    this.producePurgatory.check(partition.key)
    this.fetchPurgatory.check(partition.key)
  }

  /** Endpoints of brokers on a listener, for responses that name new leaders (KIP-951). */
  nodeEndpoints(ids: ReadonlySet<number>, listenerName: string): readonly NodeEndpoint[] {
    return [...ids].flatMap((nodeId) => {
      const registration = this.metadata.image.cluster.broker(nodeId)
      const endpoint = registration === undefined ? undefined : endpointOf(registration, listenerName)
      if (registration === undefined || endpoint === undefined) return []
      return [{ nodeId, host: endpoint.host, port: endpoint.port, rack: registration.rack }]
    })
  }
}

import {
  LogCleaner,
  type LogConfig,
  LogRegistry,
  type MetaProperties,
  MetaPropertiesError,
  type PartitionLog,
} from '@odradek/log'
import { metadataTopicId, randomUuid } from '@odradek/protocol'
import {
  beginControlledShutdown,
  bootstrapRecords,
  fenceBroker,
  initialFeatures,
  type MetadataDelta,
  registerBroker,
  registerController,
  supportedFeatures,
  unfenceBroker,
  type Voter,
} from '@odradek/quorum'
import {
  type Clock,
  Hooks,
  type Logger,
  type Random,
  type Storage,
  silentLogger,
  type Transport,
} from '@odradek/runtime'
import { Broker } from './broker.ts'
import type { BrokerEvents } from './broker-events.ts'
import { type BrokerConfigLayers, logDirsOf } from './config/broker-config-layers.ts'
import { EffectiveConfigs } from './config/effective-configs.ts'
import { logConfigOf } from './config/log-config.ts'
import { BrokerListeners, type ListenerConfig, type OpenListener } from './connection/broker-listeners.ts'
import { ConnectionQuotas } from './connection/connection-quotas.ts'
import { RequestDispatcher } from './connection/request-dispatcher.ts'
import { reportCordonedLogDirs } from './metadata/cordoned-log-dirs.ts'
import { MetadataLog } from './metadata/metadata-log.ts'
import { metadataLogConfig } from './metadata/metadata-log-config.ts'
import { PartitionFollower } from './metadata/partition-follower.ts'

/** What a broker is started with: its configs, and the world it lives in. */
export interface StartBrokerOptions {
  /** server.properties and overrides; `node.id` and `log.dirs` stand in it. */
  readonly layers: BrokerConfigLayers
  readonly listeners: readonly ListenerConfig[]
  /** What clients are told instead of where the broker listens, by listener name; null host and port 0 are filled in. */
  readonly advertised?: readonly { readonly name: string; readonly host: string | null; readonly port: number }[]
  /** Names of `listeners` that are the controller's. */
  readonly controllerListenerNames?: readonly string[]
  /** Voters of `controller.quorum.voters`; null where they stand in the log. */
  readonly staticVoters?: readonly Voter[] | null
  /** Formats directories that are not formatted, with this cluster id; otherwise they stop the start, as in Kafka. */
  readonly formatWithClusterId?: string
  readonly storage: Storage
  /** True for a storage in memory: reads are then answered at once. */
  readonly inMemory: boolean
  readonly transport: Transport
  /** One of its own for each broker: timers are keyed. */
  readonly clock: Clock
  readonly random: Random
  readonly logger?: Logger
  readonly hooks?: Hooks<BrokerEvents>
}

/** A broker that serves clients. */
export interface RunningBroker {
  readonly broker: Broker
  readonly listeners: readonly OpenListener[]
  /** A clean stop: gives up what it leads, closes logs, leaves the clean shutdown marker. */
  close(): Promise<void>
  /** Drops everything at once and writes nothing, as a killed process does. */
  abandon(): Promise<void>
}

/** Starts a broker and resolves when it takes requests. @throws ConfigError, StorageError, TransportError, MetaPropertiesError */
export async function startBroker(options: StartBrokerOptions): Promise<RunningBroker> {
  const start = new BrokerStart(options)
  try {
    return await start.run()
  } catch (error) {
    await start.undo()
    throw error
  }
}

/** The steps of a start, in order; each needs what the ones before it made. */
class BrokerStart {
  readonly #options: StartBrokerOptions
  readonly #configs: EffectiveConfigs
  readonly #hooks: Hooks<BrokerEvents>
  readonly #logger: Logger
  #registry: LogRegistry | undefined
  #listeners: BrokerListeners | undefined
  #cleaner: LogCleaner | undefined

  constructor(options: StartBrokerOptions) {
    this.#options = options
    const nodeId = Number(options.layers.static.get('node.id'))
    this.#configs = new EffectiveConfigs(nodeId, options.layers)
    this.#hooks = options.hooks ?? new Hooks()
    this.#logger = options.logger ?? silentLogger
  }

  async run(): Promise<RunningBroker> {
    const { clock, random } = this.#options
    const { nodeId } = this.#configs.broker
    const registry = this.#openRegistry()
    const [properties] = this.#formatted(registry)
    const previousBrokerEpoch = registry.directories[0]?.cleanShutdown?.brokerEpoch ?? -1
    const listeners = this.#openListeners()
    const open: OpenListener[] = []
    for (const config of this.#options.listeners) open.push(await listeners.open(config))
    let follower: PartitionFollower | undefined
    const metadata = await this.#openMetadata(registry, properties!, (delta) => follower?.apply(delta))
    const broker = new Broker({
      nodeId,
      clusterId: properties!.clusterId,
      configs: this.#configs,
      metadata,
      logs: registry,
      clock,
      random,
      logger: this.#logger,
      hooks: this.#hooks,
    })
    await this.#bootstrap(broker)
    this.#configs.update(metadata.image)
    await registry.load((topicPartition, topicId) => this.#configOf(topicPartition, topicId, broker))
    follower = new PartitionFollower(broker)
    await this.#register(broker, { open, previousBrokerEpoch })
    follower.start()
    await broker.controller.run((context) => unfenceBroker(nodeId, context))
    const dispatcher = new RequestDispatcher(broker, this.#options.controllerListenerNames ?? [])
    listeners.serve((frame, connection) => dispatcher.answer(frame, connection))
    registry.startMaintenance(this.#intervals())
    this.#startCleaner(registry)
    return { broker, listeners: open, close: () => this.#close(broker), abandon: () => this.undo() }
  }

  /** Gives sockets and files back without writing. */
  async undo(): Promise<void> {
    const cleaned = this.#cleaner?.stop()
    this.#registry?.abandon()
    await cleaned
    await this.#listeners?.close()
  }

  #openRegistry(): LogRegistry {
    const { storage, clock, random, inMemory } = this.#options
    const { broker } = this.#configs
    this.#registry = new LogRegistry({
      storage,
      clock,
      random,
      logger: this.#logger,
      hooks: this.#hooks,
      paths: logDirsOf(broker),
      synchronousReads: inMemory,
      // A storage in memory is its own cache.
      ...(inMemory ? { tailBytes: 0 } : {}),
      producerIdExpirationMs: broker.producerIdExpirationMs,
      transactionVerification: broker.transactionPartitionVerificationEnable,
    })
    return this.#registry
  }

  /** The marks of the directories; those without are formatted when that is wanted. */
  #formatted(registry: LogRegistry): readonly MetaProperties[] {
    const { formatWithClusterId, random } = this.#options
    const known = registry.directories.find((directory) => directory.metaProperties !== undefined)?.metaProperties
    return registry.directories.map((directory) => {
      const present = directory.metaProperties
      if (present !== undefined) return this.#checked(present, directory.path)
      const clusterId = known?.clusterId ?? formatWithClusterId
      if (clusterId === undefined) {
        throw new MetaPropertiesError(
          `No readable meta.properties files found in ${directory.path}: format it first with \`kafka-storage format\``,
        )
      }
      const directoryId = randomUuid((length) => random.nextBytes(length))
      const properties = { clusterId, nodeId: this.#configs.broker.nodeId, directoryId }
      directory.format(properties)
      return properties
    })
  }

  #checked(properties: MetaProperties, path: string): MetaProperties {
    const { nodeId } = this.#configs.broker
    if (properties.nodeId === nodeId) return properties
    throw new MetaPropertiesError(
      `Stored node id ${properties.nodeId} doesn't match node id ${nodeId} of the config, in ${path}/meta.properties. If you moved your data, make sure your configured node.id matches`,
    )
  }

  #openListeners(): BrokerListeners {
    const { transport, clock, layers } = this.#options
    const { broker } = this.#configs
    this.#listeners = new BrokerListeners({
      transport,
      clock,
      logger: this.#logger,
      hooks: this.#hooks,
      maxFrameBytes: broker.socketRequestMaxBytes,
      maxIdleMs: broker.connectionsMaxIdleMs,
      backlog: layers.static.has('socket.listen.backlog.size') ? broker.socketListenBacklogSize : undefined,
      quotas: new ConnectionQuotas(() => this.#configs.broker),
    })
    return this.#listeners
  }

  #openMetadata(
    registry: LogRegistry,
    properties: MetaProperties,
    committed: (delta: MetadataDelta) => void,
  ): Promise<MetadataLog> {
    const { storage, clock, random } = this.#options
    const { broker } = this.#configs
    const path = broker.metadataLogDir ?? logDirsOf(broker)[0]
    const directory = registry.directories.find((candidate) => candidate.path === path) ?? registry.directories[0]!
    return MetadataLog.open({
      nodeId: broker.nodeId,
      directoryId: properties.directoryId,
      directory: `${directory.path}/__cluster_metadata-0`,
      storage,
      clock,
      random,
      logger: this.#logger,
      staticVoters: this.#options.staticVoters ?? null,
      maxBytesBetweenSnapshots: broker.metadataLogMaxRecordBytesBetweenSnapshots,
      maxSnapshotIntervalMs: broker.metadataLogMaxSnapshotIntervalMs,
      openLog: (): PartitionLog =>
        directory.openMetadataLog({ topicId: metadataTopicId, config: metadataLogConfig(broker) }),
      committed: (delta, highWatermark) => {
        committed(delta)
        this.#hooks.emit('metadataCommitted', { highWatermark })
      },
    })
  }

  /** The first leader of a new cluster writes down what it begins with. */
  async #bootstrap(broker: Broker): Promise<void> {
    const { metadata } = broker
    if (metadata.hasBootstrapped) return
    const formatted = metadata.formattedFeatures
    const features = formatted.length > 0 ? formatted : initialFeatures()
    const records = bootstrapRecords(features, { minInSyncReplicas: this.#configs.broker.minInsyncReplicas })
    await broker.controller.run(() => ({ records, response: undefined }))
  }

  async #register(
    broker: Broker,
    { open, previousBrokerEpoch }: { readonly open: readonly OpenListener[]; readonly previousBrokerEpoch: number },
  ): Promise<void> {
    const { random } = this.#options
    const { nodeId, clusterId, controller } = broker
    const incarnationId = randomUuid((length) => random.nextBytes(length))
    const isController = (listener: OpenListener) => this.#isController(listener.name)
    const features = supportedFeatures.map(({ name, min, max }) => ({
      name,
      minSupportedVersion: min,
      maxSupportedVersion: max,
    }))
    const controllerEndpoints = open.filter(isController).map((listener) => this.#endpointOf(listener))
    if (controllerEndpoints.length > 0) {
      const registration = { controllerId: nodeId, incarnationId, zkMigrationReady: false, features }
      await controller.run((context) =>
        registerController({ ...registration, listeners: controllerEndpoints }, context),
      )
    }
    const listeners = open.filter((listener) => !isController(listener)).map((listener) => this.#endpointOf(listener))
    const logDirs = broker.logs.directories.flatMap((directory) => directory.metaProperties?.directoryId ?? [])
    const { brokerRack: rack } = this.#configs.broker
    const request = {
      brokerId: nodeId,
      clusterId,
      incarnationId,
      listeners,
      features,
      rack,
      isMigratingZkBroker: false,
      logDirs,
      previousBrokerEpoch,
    }
    const response = await controller.run((context) => registerBroker(request, context))
    if (response.errorCode) throw new Error(`the controller refused the broker with error ${response.errorCode}`)
    await reportCordonedLogDirs(broker)
  }

  /** What clients are told: the advertised address, with host and port of the listener where it leaves them open. */
  #endpointOf(listener: OpenListener) {
    const advertised = this.#options.advertised?.find(({ name }) => name === listener.name)
    const securityProtocol = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'].indexOf(listener.securityProtocol)
    return {
      name: listener.name,
      host: advertised?.host ?? listener.host,
      port: advertised === undefined || advertised.port === 0 ? listener.port : advertised.port,
      securityProtocol,
    }
  }

  #isController(name: string): boolean {
    return this.#options.controllerListenerNames?.includes(name) ?? false
  }

  /** The config of a log found on disk, undefined when its topic is gone. */
  #configOf({ topic }: { readonly topic: string }, topicId: string | undefined, broker: Broker): LogConfig | undefined {
    const { image } = broker.metadata
    if (image.topics.byName(topic)?.topicId !== topicId) return undefined
    return logConfigOf(this.#configs.topic(topic, image))
  }

  /** Compacts in the background, unless `log.cleaner.enable` is off. */
  #startCleaner(registry: LogRegistry): void {
    const { broker } = this.#configs
    if (!broker.logCleanerEnable) return
    this.#cleaner = new LogCleaner(registry, {
      clock: this.#options.clock,
      backoffMs: broker.logCleanerBackoffMs,
      dedupeBufferBytes: broker.logCleanerDedupeBufferSize,
      ioBufferBytes: broker.logCleanerIoBufferSize,
      ioMaxBytesPerSecond: broker.logCleanerIoMaxBytesPerSecond,
    })
    this.#cleaner.start()
  }

  #intervals() {
    const { broker } = this.#configs
    return {
      retentionCheckMs: broker.logRetentionCheckIntervalMs,
      recoveryPointCheckpointMs: broker.logFlushOffsetCheckpointIntervalMs,
      logStartOffsetCheckpointMs: broker.logFlushStartOffsetCheckpointIntervalMs,
      highWatermarkCheckpointMs: broker.replicaHighWatermarkCheckpointIntervalMs,
      producerIdExpirationCheckMs: broker.producerIdExpirationCheckIntervalMs,
      initialDelayMs: broker.logInitialTaskDelayMs,
    }
  }

  async #close(broker: Broker): Promise<void> {
    const { brokerEpoch } = broker
    try {
      await this.#leave(broker)
    } finally {
      broker.groups.close()
      broker.turn.flush()
      broker.producePurgatory.close()
      broker.fetchPurgatory.close()
      await this.#listeners?.close()
      await this.#cleaner?.stop()
      broker.metadata.close()
      this.#registry?.close({ brokerEpoch })
    }
  }

  /** Tells the controller; when the disk of the metadata log is gone there is nothing left to tell it to. */
  async #leave({ controller, metadata, nodeId }: Broker): Promise<void> {
    try {
      await controller.run((context) => beginControlledShutdown(nodeId, context))
      await controller.run((context) => fenceBroker(nodeId, context))
    } catch (error) {
      if (!metadata.isOffline) throw error
    }
  }
}

import { errors, printUuid } from '@odradek/protocol'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import {
  type ControllerContext,
  type ControllerResult,
  configResourceTypes,
  initialFeatures,
  MetadataDelta,
  MetadataImage,
  registerBroker,
  supportedFeatures,
  unfenceBroker,
} from '../src/index.ts'

/** The n-th id of a test. */
export function uuid(n: number): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(12, n)
  return printUuid(bytes)
}

/** The id of a broker's only log directory. */
export function directoryId(brokerId: number): string {
  return uuid(10_000 + brokerId)
}

/** A controller without a log: an operation's records are replayed at once. */
export class Cluster {
  readonly image = new MetadataImage()
  nextOffset = 0
  #uuids = 0

  /** `brokers` registered and unfenced brokers with ids from 1 on and one directory each. */
  constructor(brokers: number, features: readonly MetadataRecord[] = initialFeatures()) {
    this.replay(features)
    for (let id = 1; id <= brokers; id++) this.join(id)
  }

  join(brokerId: number, options: { readonly rack?: string; readonly previousBrokerEpoch?: number } = {}): void {
    this.run((context) =>
      registerBroker(
        {
          brokerId,
          clusterId: 'cluster',
          incarnationId: uuid(1000 + this.nextOffset),
          listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9000 + brokerId, securityProtocol: 0 }],
          features: supportedFeatures.map(({ name, min, max }) => ({
            name,
            minSupportedVersion: min,
            maxSupportedVersion: max,
          })),
          rack: options.rack ?? null,
          isMigratingZkBroker: false,
          logDirs: [directoryId(brokerId)],
          previousBrokerEpoch: options.previousBrokerEpoch ?? -1,
        },
        context,
      ),
    )
    this.run((context) => unfenceBroker(brokerId, context))
  }

  run<Response>(operation: (context: ControllerContext) => ControllerResult<Response>): Response {
    const { records, response } = operation(this.context())
    this.replay(records)
    return response
  }

  replay(records: readonly MetadataRecord[], delta = new MetadataDelta()): MetadataDelta {
    for (const record of records) this.image.replay(record, delta)
    this.nextOffset += records.length
    return delta
  }

  context(): ControllerContext {
    return {
      image: this.image,
      nextOffset: this.nextOffset,
      randomUuid: () => uuid(++this.#uuids),
      randomInt: () => 0,
      defaults: { partitions: 1, replicationFactor: 1 },
      validateConfigs: (_type, _name, configs) =>
        configs.has('bad')
          ? { errorCode: errors.INVALID_CONFIG.code, errorMessage: 'Unknown topic config name: bad' }
          : null,
      isListConfig: (_type, name) => name === 'cleanup.policy',
      defaultConfigValue: (_type, name) => (name === 'cleanup.policy' ? 'delete' : null),
    }
  }

  /** Leader, in-sync replicas and epochs of a partition, as one comparable value. */
  partition(topic: string, id = 0): object | undefined {
    const partition = this.image.topics.byName(topic)?.partitions.get(id)
    if (partition === undefined) return undefined
    const { leader, isr, leaderEpoch, partitionEpoch, leaderRecoveryState, eligibleLeaderReplicas, lastKnownElr } =
      partition
    return {
      leader,
      isr,
      leaderEpoch,
      partitionEpoch,
      leaderRecoveryState,
      elr: eligibleLeaderReplicas ?? [],
      lastKnown: lastKnownElr ?? [],
    }
  }

  topicConfigs(name: string): Record<string, string> {
    return Object.fromEntries(this.image.configs.of({ type: configResourceTypes.TOPIC, name }))
  }
}

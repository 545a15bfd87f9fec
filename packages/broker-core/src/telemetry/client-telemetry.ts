import { crc32c, errors, metadataTopicId, parseUuid, zeroUuid } from '@odradek/protocol'
import { configResourceTypes, type MetadataImage } from '@odradek/quorum'
import type { Clock } from '@odradek/runtime'
import {
  type ClientMetricsConfig,
  clientMatchersOf,
  clientMetricsConfigOf,
  type clientMetricsSelectors,
} from '../config/client-metrics-config.ts'

/** What a subscription can select a client by (KIP-714). */
export type TelemetryClient = Readonly<Record<(typeof clientMetricsSelectors)[number], string>>

/** What a client is asked to send. */
export interface TelemetrySubscription {
  readonly clientInstanceId: string
  /** Changes whenever what is asked for changes, so that a client with an old one asks again. */
  readonly subscriptionId: number
  readonly pushIntervalMs: number
  /** Prefixes of metric names; one empty prefix for all, none at all for "send nothing". */
  readonly requestedMetrics: readonly string[]
}

/** One push of a client; the payload is OTLP metrics in the given compression. */
export interface TelemetryPush {
  readonly clientInstanceId: string
  readonly subscriptionId: number
  readonly terminating: boolean
  readonly compressionType: number
  readonly metrics: Uint8Array
}

export interface ClientTelemetryOptions {
  readonly clock: Clock
  readonly image: () => MetadataImage
  readonly newUuid: () => string
  /** `telemetry.max.bytes`. */
  readonly maxBytes: number
}

/** Compressions a client may use, best first: zstd, lz4, gzip, snappy. */
export const telemetryCompressionTypes = [4, 3, 1, 2]

const defaultPushIntervalMs = 300_000
const maxInstances = 16_384

interface Instance {
  lastGetMs: number
  lastPushMs: number
  /** A client that was told it is out of date may ask again at once. */
  mayAskAgain: boolean
  terminating: boolean
  pushIntervalMs: number
}

/** Ids that belong to no client: none, and the metadata log's topic. */
const reservedUuids: readonly string[] = [zeroUuid, metadataTopicId]

/**
 * The broker's side of client telemetry (KIP-714): which clients send which metrics how often, as the CLIENT_METRICS configs say,
 * and that no client sends more often, larger or otherwise than it was told. Instances that were silent longest are forgotten first.
 */
export class ClientTelemetry {
  readonly #options: ClientTelemetryOptions
  readonly #instances = new Map<string, Instance>()

  constructor(options: ClientTelemetryOptions) {
    this.#options = options
  }

  /** What the client is to send, or the error code to answer; a client without an id (zero) gets one. */
  subscribe(requestedId: string, client: Omit<TelemetryClient, 'client_instance_id'>): TelemetrySubscription | number {
    const clientInstanceId = requestedId === zeroUuid ? this.#options.newUuid() : requestedId
    const subscription = this.#subscriptionOf({ ...client, client_instance_id: clientInstanceId })
    const instance = this.#instance(clientInstanceId)
    const now = this.#options.clock.now()
    const silentMs = now - Math.max(instance.lastGetMs, instance.lastPushMs)
    if (silentMs < instance.pushIntervalMs && !instance.mayAskAgain) return errors.THROTTLING_QUOTA_EXCEEDED.code
    instance.lastGetMs = now
    instance.mayAskAgain = false
    instance.pushIntervalMs = subscription.pushIntervalMs
    return subscription
  }

  /** The error code to answer a push with; 0 when its metrics are to be taken. */
  push(push: TelemetryPush, client: Omit<TelemetryClient, 'client_instance_id'>): number {
    const { clientInstanceId } = push
    if (reservedUuids.includes(clientInstanceId)) return errors.INVALID_REQUEST.code
    const instance = this.#instance(clientInstanceId)
    if (instance.terminating) return errors.INVALID_REQUEST.code
    const now = this.#options.clock.now()
    const isDue = instance.lastGetMs > instance.lastPushMs || now - instance.lastPushMs >= instance.pushIntervalMs
    if (!isDue && !push.terminating) return errors.THROTTLING_QUOTA_EXCEEDED.code
    instance.lastPushMs = now
    instance.terminating = push.terminating
    const { subscriptionId } = this.#subscriptionOf({ ...client, client_instance_id: clientInstanceId })
    if (push.subscriptionId !== subscriptionId) return this.#outOfDate(instance, errors.UNKNOWN_SUBSCRIPTION_ID.code)
    const isKnownCompression = push.compressionType === 0 || telemetryCompressionTypes.includes(push.compressionType)
    if (!isKnownCompression) return this.#outOfDate(instance, errors.UNSUPPORTED_COMPRESSION_TYPE.code)
    return push.metrics.length > this.#options.maxBytes ? errors.TELEMETRY_TOO_LARGE.code : 0
  }

  #outOfDate(instance: Instance, errorCode: number): number {
    instance.mayAskAgain = true
    return errorCode
  }

  /** The instance, moved to the end of the order in which instances are forgotten. */
  #instance(id: string): Instance {
    const present = this.#instances.get(id)
    const never = Number.NEGATIVE_INFINITY
    const instance = present ?? {
      lastGetMs: never,
      lastPushMs: never,
      mayAskAgain: false,
      terminating: false,
      pushIntervalMs: defaultPushIntervalMs,
    }
    this.#instances.delete(id)
    this.#instances.set(id, instance)
    if (this.#instances.size > maxInstances) this.#instances.delete(this.#instances.keys().next().value!)
    return instance
  }

  #subscriptionOf(client: TelemetryClient): TelemetrySubscription {
    const metrics = new Set<string>()
    let pushIntervalMs = defaultPushIntervalMs
    for (const config of this.#matching(client)) {
      for (const metric of config.metrics) metrics.add(metric)
      pushIntervalMs = Math.min(pushIntervalMs, config.intervalMs)
    }
    const requestedMetrics = metrics.has('*') ? [''] : [...metrics].sort()
    const asked = crc32c(Buffer.from(`${requestedMetrics.join(',')}|${pushIntervalMs}`))
    const ofClient = crc32c(parseUuid(client.client_instance_id))
    const subscriptionId = (asked ^ ofClient) | 0
    return { clientInstanceId: client.client_instance_id, subscriptionId, pushIntervalMs, requestedMetrics }
  }

  #matching(client: TelemetryClient): readonly ClientMetricsConfig[] {
    const { configs } = this.#options.image()
    return configs
      .resources(configResourceTypes.CLIENT_METRICS)
      .map((resource) => clientMetricsConfigOf(configs.of(resource)))
      .filter((config) =>
        clientMatchersOf(config.match).every(({ selector, pattern }) =>
          pattern.test(client[selector as keyof TelemetryClient]),
        ),
      )
  }
}

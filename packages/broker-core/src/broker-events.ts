import type { LogEvents, TopicPartition } from '@odradek/log'

/** What a broker tells on its hooks, beside what its logs tell. Durations are milliseconds. */
export interface BrokerEvents extends LogEvents {
  readonly connectionOpened: { readonly connectionId: string; readonly listenerName: string }
  /** `reason` when the broker or the network ended it, undefined when the client did. */
  readonly connectionClosed: { readonly connectionId: string; readonly reason: string | undefined }
  /** A request was answered. */
  readonly requestHandled: {
    readonly apiKey: number
    readonly apiVersion: number
    readonly clientId: string | null
    readonly connectionId: string
    readonly durationMs: number
    /** The errors in the answer, each as often as it is there. */
    readonly errorCodes: readonly number[]
  }
  /** Records of a partition were answered to a Fetch request. */
  readonly fetched: TopicPartition & { readonly fetchOffset: number; readonly sizeInBytes: number }
  readonly topicCreated: { readonly topic: string; readonly topicId: string; readonly partitions: number }
  readonly topicDeleted: { readonly topic: string; readonly topicId: string }
  /** This broker begins or ends to lead a partition. */
  readonly leaderChanged: {
    readonly topic: string
    readonly partition: number
    readonly leaderId: number
    readonly leaderEpoch: number
  }
  /** Metadata up to this offset (exclusive) is committed and applied. */
  readonly metadataCommitted: { readonly highWatermark: number }
  /** A client pushed metrics (KIP-714): OTLP in Kafka's compression type. */
  readonly clientTelemetry: {
    readonly clientInstanceId: string
    readonly clientId: string
    readonly terminating: boolean
    readonly compressionType: number
    readonly metrics: Uint8Array
  }
  readonly metadataSnapshot: { readonly endOffset: number; readonly epoch: number }
}

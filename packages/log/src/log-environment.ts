import type { Clock, Hooks, Logger, Random, Storage, StorageError } from '@odradek/runtime'
import type { LogConfig } from './log-config.ts'
import type { LogEvents } from './log-events.ts'
import type { TopicPartition } from './log-file-names.ts'
import type { PartitionLog } from './partition-log.ts'
import type { TailCache } from './tail-cache.ts'

/** What all logs of a log directory share. */
export interface LogEnvironment {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly hooks: Hooks<LogEvents>
  readonly tailCache: TailCache
  /** Reads never wait: for a storage in memory, where waiting for the next turn would cost more than the read. */
  readonly synchronousReads: boolean
  /** `producer.id.expiration.ms`. */
  readonly producerIdExpirationMs: number
  /** `transaction.partition.verification.enable`. */
  readonly transactionVerification: boolean
  readonly directory: LogDirectoryPort
}

/** The log directory as its logs see it. One failed operation ends it for good, and for all of its logs. */
export interface LogDirectoryPort {
  /** The first failure; undefined while all is well. */
  readonly failure: StorageError | undefined
  /** Takes the directory offline. */
  fail(error: StorageError): void
  /** Notes that a log has appends that are not written. */
  hasPending(log: PartitionLog): void
  /** A truncation took durable records back: the checkpoint must not claim them when others are written in their place. */
  recoveryPointLowered(): void
}

/** Where a log is opened, and what the checkpoints say about it. */
export interface PartitionLogOptions {
  readonly topicPartition: TopicPartition
  /** As Kafka prints UUIDs; undefined when the directory does not tell. */
  readonly topicId: string | undefined
  /** The partition's directory; it exists. */
  readonly directory: string
  readonly config: LogConfig
  readonly logStartOffset?: number
  readonly recoveryPoint?: number
  readonly highWatermark?: number
  readonly cleanShutdown: boolean
}

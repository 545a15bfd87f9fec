import type { ConsumedRecord, InteropRecord } from './record.ts'

/** Kafka's codecs, by the names of `compression.type`. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** One of Kafka's codecs. */
export type Codec = (typeof codecs)[number]

/** What a client is asked to write: records in order to one partition, acks=all. */
export interface ProduceRequest {
  readonly bootstrap: string
  readonly topic: string
  readonly partition: number
  readonly codec: Codec
  readonly idempotent: boolean
  readonly records: readonly InteropRecord[]
}

/** What a client is asked to read: one partition without a group, to the end it has when the client asks. */
export interface ReadRequest {
  readonly bootstrap: string
  readonly topic: string
  readonly partition: number
  /** An offset, or a time in milliseconds: then from the first record at or after it. */
  readonly from: { readonly offset: number } | { readonly timestamp: number }
}

/** What a client cannot express; the suite then gives it records it can. */
export interface ClientLimits {
  /** It has no idempotent producer. */
  readonly noIdempotence?: true
  /** It sets timestamps itself. */
  readonly ownTimestamps?: true
  /** Keys, values and headers have to be printable text without delimiters, and headers cannot be null. */
  readonly textOnly?: true
  /** It cannot write a null header value. */
  readonly noNullHeaders?: true
  /** It takes no record whose key and value are both null. */
  readonly noNullPair?: true
  /** It cannot tell null from empty when it writes. */
  readonly emptyIsNull?: true
}

/** A Kafka client. One instance serves many requests, also at the same time. */
export interface ForeignClient extends AsyncDisposable {
  readonly name: string
  readonly limits: ClientLimits
  /** Resolves when every record is acknowledged. */
  produce(request: ProduceRequest): Promise<void>
  read(request: ReadRequest): Promise<readonly ConsumedRecord[]>
}

/** A header of a record: a text key and any bytes. Keys may repeat, and their order is kept. */
export interface RecordHeader {
  readonly key: string
  readonly value: Uint8Array | null
}

/** A record as it is read from a batch, whatever the batch's magic. */
export interface KafkaRecord {
  readonly offset: number
  /** Milliseconds since 1970, set by the producer or, in a LogAppendTime batch, by the broker; -1 when there is none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/** A header to be written; a string value is written as UTF-8. */
export interface NewRecordHeader {
  readonly key: string
  readonly value: Uint8Array | string | null
}

/** A record to be written; strings are written as UTF-8, and what is left out is null. */
export interface NewRecord {
  /** Milliseconds since 1970, -1 for none. */
  readonly timestamp: number
  readonly key?: Uint8Array | string | null | undefined
  readonly value?: Uint8Array | string | null | undefined
  readonly headers?: readonly NewRecordHeader[] | undefined
}

/** How records are handed over: 1,000 a `send` with eight sends outstanding; one a `send` with 1,000 outstanding; one a `send`, awaited. */
export type SendMode = 'many' | 'single' | 'awaited'

/** The codecs that are compared. */
export const codecs = ['none', 'lz4', 'zstd'] as const

/** A codec by Kafka's name. */
export type Codec = (typeof codecs)[number]

/** What one contestant is asked to do, in a process of its own. */
export interface ProducerWorkload {
  readonly bootstrap: string
  readonly topic: string
  readonly records: number
  readonly recordBytes: number
  readonly keyed: boolean
  readonly compression: Codec
  readonly mode: SendMode
}

/** What it took. NaN where the contestant does not tell. */
export interface ProducerMeasurement {
  readonly recordsPerSecond: number
  readonly megabytesPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly peakMib: number
  /** Of one send, milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Records of one `send` in mode `many`. */
export const recordsPerSend = 1_000

/** Different records that are sent in turn. */
export const poolSize = 10_000

/** Sends that are not awaited before the next one. */
export const outstandingSends: Readonly<Record<SendMode, number>> = { many: 8, single: 1_000, awaited: 1 }

/** This part of the records is sent before the clock runs, so that compilation and connections are not measured. */
export const warmUpPart = 0.05

/**
 * What is asked of a contestant. `read`: everything in the topic, with a fresh group. `seen`: each record was sent alone and holds the time
 * of its sending. `first`: again and again a new client with a fresh group, until it has its first record. `slow`: a handler that takes a
 * millisecond a record, in front of a topic that is full.
 */
export type ReadMode = 'read' | 'seen' | 'first' | 'slow'

/** The codecs that are compared. */
export const codecs = ['none', 'lz4'] as const

/** A codec by Kafka's name. */
export type Codec = (typeof codecs)[number]

/** What a topic is filled with. */
export interface Filling {
  readonly records: number
  readonly recordBytes: number
  readonly keyed: boolean
  readonly compression: Codec
}

/** What one contestant is asked to do, in a process of its own. */
export interface ConsumerWorkload {
  readonly bootstrap: string
  readonly topic: string
  readonly mode: ReadMode
  /** Records to read; clients to open with `first`. */
  readonly records: number
  /** Of a value. */
  readonly recordBytes: number
}

/** What it took. NaN where it was not measured, or the contestant does not tell. */
export interface ConsumerMeasurement {
  /** From the first record to the last. */
  readonly recordsPerSecond: number
  readonly megabytesPerSecond: number
  /** From before the client was made to the last record, all threads. */
  readonly cpuSecondsPerMillion: number
  readonly peakMib: number
  /** From send to seen, or from construction to the first record; milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
}

/** With `seen`, so many records come before the clock runs. */
export const warmUpRecords = 300

/** With `first`, so many clients come before the clock runs. */
export const warmUpClients = 5

/** The clients that are compared. */
export const clientNames = ['odradek', 'kafkajs', 'platformatic'] as const

/** A client by name. */
export type ClientName = (typeof clientNames)[number]

/** What one client is asked to do, in a process of its own. */
export interface ProducerWorkload {
  readonly bootstrap: string
  readonly topic: string
  readonly records: number
  readonly recordBytes: number
  readonly keyed: boolean
  readonly compression: 'none' | 'lz4' | 'zstd'
  /** 1,000 records a send; one a send with 1,000 outstanding; one a send, awaited. */
  readonly mode: 'many' | 'single' | 'awaited'
}

/** What it took. */
export interface ProducerMeasurement {
  readonly recordsPerSecond: number
  readonly megabytesPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly peakMib: number
  /** Of one send, milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
}

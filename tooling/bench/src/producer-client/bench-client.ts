import type { ProducerWorkload } from '../producer/workload.ts'

/** A record to send. */
export interface BenchRecord {
  readonly key: Buffer | null
  readonly value: Buffer
  /** The same as text, for the client that takes nothing else. */
  readonly keyText: string | null
  readonly valueText: string
}

/** A client that is ready to send, with acks=all, and idempotent where it can be. Each send makes the client's own objects anew. */
export interface BenchClient {
  /** Resolves when the record is acknowledged. */
  sendOne(record: BenchRecord): Promise<unknown>
  /** Resolves when all records are acknowledged. */
  sendMany(records: readonly BenchRecord[]): Promise<unknown>
  close(): Promise<unknown>
}

/** Opens a client. */
export type OpenClient = (workload: ProducerWorkload) => Promise<BenchClient>

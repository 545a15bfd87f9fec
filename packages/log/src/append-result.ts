import type { ErrorName } from '@odradek/protocol'
import type { ValidatedRecords } from './log-validator.ts'
import type { VerificationGuard } from './producer-append-info.ts'
import type { BatchMetadata } from './producer-state-entry.ts'

/** Who appends, which decides what is checked: Kafka's `AppendOrigin`. */
export type AppendOrigin = 'client' | 'replication' | 'coordinator' | 'raft'

/** The rows of Kafka's error table that a log answers with. */
export type LogErrorName = Extract<
  ErrorName,
  | 'OFFSET_OUT_OF_RANGE'
  | 'CORRUPT_MESSAGE'
  | 'MESSAGE_TOO_LARGE'
  | 'RECORD_LIST_TOO_LARGE'
  | 'INVALID_TIMESTAMP'
  | 'INVALID_RECORD'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'INVALID_PRODUCER_EPOCH'
  | 'INVALID_TXN_STATE'
  | 'TRANSACTION_COORDINATOR_FENCED'
  | 'KAFKA_STORAGE_ERROR'
  | 'UNKNOWN_SERVER_ERROR'
>

/** How an append is to be treated. */
export interface AppendOptions {
  readonly origin: AppendOrigin
  /** The leader epoch to stamp on the batches; for `replication` the newest one accepted, for `raft` the one they must carry. */
  readonly leaderEpoch: number
  /** Wall-clock time in milliseconds; the clock's when left out. */
  readonly now?: number
  /** From `startTransactionVerification`, with the append that begins a transaction here. */
  readonly verificationGuard?: VerificationGuard | undefined
  /** Kafka's transaction version (0, 1 or 2) of a transaction marker. */
  readonly transactionVersion?: number
}

/** One record of a refused batch: `batchIndex` counts from 0 in the batch (KIP-467). */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/** An append that was accepted. It is written when `PartitionLog.writePending` has returned without an error. */
export interface AppendInfo {
  readonly error?: undefined
  /** Offset of the first and the last record; of the batch that is already there when `duplicate` is true. */
  readonly firstOffset: number
  readonly lastOffset: number
  /** The broker's timestamp in a LogAppendTime topic (or of the duplicate), else -1: the Produce response's field. */
  readonly logAppendTime: number
  readonly logStartOffset: number
  /** Largest timestamp of the records. */
  readonly maxTimestamp: number
  /** True when the producer had sent the batch before: nothing was written. */
  readonly duplicate: boolean
  /** Bytes appended; 0 for a duplicate or when nothing was to be appended. */
  readonly sizeInBytes: number
}

/** An append that was refused: nothing of it is in the log. */
export interface AppendFailure {
  readonly error: LogErrorName
  /** One sentence for people. */
  readonly message: string
  /** The records that are to blame, where single ones are. */
  readonly recordErrors: readonly RecordError[]
  readonly logStartOffset: number
}

/** What `PartitionLog.append` answers; told apart by `error`. */
export type AppendResult = AppendInfo | AppendFailure

/** A refusal before it is known which log it belongs to. */
export interface Refusal {
  readonly error: LogErrorName
  readonly message: string
  readonly recordErrors?: readonly RecordError[]
}

/** The answer to an append that was accepted; without records nothing is appended. */
export function appendInfo(records: ValidatedRecords, logStartOffset: number): AppendInfo {
  const { firstOffset, lastOffset, maxTimestamp, logAppendTime, bytes } = records
  const sizeInBytes = bytes.length
  return { firstOffset, lastOffset, logAppendTime, logStartOffset, maxTimestamp, duplicate: false, sizeInBytes }
}

/** The answer to a batch that is in the log already; Kafka gives its timestamp as the time it was appended. */
export function duplicateInfo(
  { lastOffset, offsetDelta, timestamp }: BatchMetadata,
  logStartOffset: number,
): AppendInfo {
  const firstOffset = lastOffset - offsetDelta
  const found = { firstOffset, lastOffset, logAppendTime: timestamp, maxTimestamp: timestamp }
  return { ...found, logStartOffset, duplicate: true, sizeInBytes: 0 }
}

import type { AppendInfo, RecordError } from '@odradek/log'
import type { ErrorName } from '@odradek/protocol'

/** An append that was refused, by the log or by the partition before it. */
export interface RefusedAppend {
  readonly error: ErrorName
  /** One sentence for people, null where the error says all. */
  readonly message: string | null
  readonly recordErrors?: readonly RecordError[]
  readonly logStartOffset?: number
}

/** What became of an append: the row of Kafka's error table, or where the records are. */
export type AppendOutcome = AppendInfo | RefusedAppend

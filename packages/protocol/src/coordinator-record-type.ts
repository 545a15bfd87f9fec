import type { MessageType } from './message-type.ts'

/** The key and the value type of one kind of coordinator record. */
export interface CoordinatorRecordType<Record extends { key: object; value: object }> {
  readonly key: MessageType<Record['key']>
  readonly value: MessageType<Record['value']>
}

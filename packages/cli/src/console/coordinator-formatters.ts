import type { ConsumerRecord } from '@odradek/consumer'
import { groupRecordTypes, shareRecordTypes, transactionRecordTypes } from '@odradek/protocol/coordinator-records'
import { toRawJson } from '@odradek/protocol/json'
import type { MessageFormatter } from './message-formatter.ts'

type RecordTypes = Readonly<Record<string, { readonly key: { readonly apiKey: number } }>>

/** Committed offsets of `__consumer_offsets`. Kafka: `OffsetsMessageFormatter`. */
export const offsetsFormatter = coordinatorFormatter(groupRecordTypes, (name) => /^(?:Legacy)?OffsetCommit$/.test(name))

/** Groups of `__consumer_offsets`. Kafka: `GroupMetadataMessageFormatter`. */
export const groupMetadataFormatter = coordinatorFormatter(groupRecordTypes, (name) => name === 'GroupMetadata')

/** `__transaction_state`. Kafka: `TransactionLogMessageFormatter`. */
export const transactionLogFormatter = coordinatorFormatter(transactionRecordTypes, () => true)

/** `__share_group_state`. Kafka: `ShareGroupStateMessageFormatter`. */
export const shareGroupStateFormatter = coordinatorFormatter(shareRecordTypes, () => true)

/** Records of a coordinator as JSON, one behind the other without a line break, as Kafka prints them; others are left out. */
function coordinatorFormatter(types: RecordTypes, isShown: (name: string) => boolean): MessageFormatter {
  const names = new Map(Object.entries(types).map(([name, { key }]) => [key.apiKey, name]))
  return (record) => {
    const { keyBytes } = record
    if (keyBytes === null) return []
    const name = names.get(readInt16(keyBytes))
    if (name === undefined || !isShown(name)) return []
    try {
      return [coordinatorJson(name, keyBytes, record)]
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`Could not read record at offset ${record.offset} due to: ${reason}`, { cause: error })
    }
  }
}

function coordinatorJson(name: string, key: Uint8Array, { valueBytes }: ConsumerRecord): string {
  const shownKey = { type: readInt16(key), data: toRawJson(`${name}Key`, 0, key.subarray(2)) }
  if (valueBytes === null) return JSON.stringify({ key: shownKey, value: null })
  const version = readInt16(valueBytes)
  const data = toRawJson(`${name}Value`, version, valueBytes.subarray(2))
  return JSON.stringify({ key: shownKey, value: { version, data } })
}

function readInt16(bytes: Uint8Array): number {
  return ((bytes[0]! << 24) >> 16) | bytes[1]!
}

import type { MetadataRecord } from '@odradek/protocol/messages'

/**
 * Records that replace or remove one another by key and are kept as they are: ACLs, SCRAM credentials, quotas, delegation tokens.
 * A snapshot writes them back unchanged, so that nothing is lost of a directory another Kafka wrote.
 */
export class KeyedRecordsImage<Type extends MetadataRecord['type']> {
  readonly #records = new Map<string, Extract<MetadataRecord, { type: Type }>>()

  set(key: string, record: Extract<MetadataRecord, { type: Type }>): void {
    this.#records.set(key, record)
  }

  delete(key: string): void {
    this.#records.delete(key)
  }

  all(): readonly Extract<MetadataRecord, { type: Type }>['record'][] {
    return [...this.#records.values()].map((entry) => entry.record)
  }

  records(): Iterable<MetadataRecord> {
    return this.#records.values()
  }
}

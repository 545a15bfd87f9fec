import type { MetadataRecord } from '@odradek/protocol/metadata-records'

/**
 * Records that replace or remove one another by key and are kept as they are: ACLs, SCRAM credentials, quotas, delegation tokens.
 * A snapshot writes them back unchanged, so that nothing is lost of a directory another Kafka wrote.
 */
export class KeyedRecordsImage<Entry extends MetadataRecord> {
  readonly #entries = new Map<string, Entry>()

  set(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  all(): readonly Entry['record'][] {
    return [...this.#entries.values()].map((entry) => entry.record)
  }

  records(): Iterable<MetadataRecord> {
    return this.#entries.values()
  }
}

/** The metadata record of that type. */
export type EntryOf<Type extends MetadataRecord['type']> = Extract<MetadataRecord, { type: Type }>

import type { FeatureLevelRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { latestMetadataVersion } from '../metadata-version.ts'

/** Finalized feature levels of the cluster; a feature at level 0 is not finalized and not listed. */
export class FeaturesImage {
  readonly #levels = new Map<string, number>()

  /** The level of a feature, 0 when it is not finalized. */
  level(name: string): number {
    return this.#levels.get(name) ?? 0
  }

  /** The level of `metadata.version`; the newest one before any record was replayed. */
  get metadataVersion(): number {
    return this.#levels.get('metadata.version') ?? latestMetadataVersion
  }

  /** Name and level of every finalized feature, in the order they came. */
  entries(): readonly (readonly [string, number])[] {
    return [...this.#levels]
  }

  replay(record: FeatureLevelRecord): void {
    if (record.featureLevel === 0) this.#levels.delete(record.name)
    else this.#levels.set(record.name, record.featureLevel)
  }

  /** `metadata.version` first: a reader has to know it before anything else. */
  *records(): Iterable<MetadataRecord> {
    const names = [...this.#levels.keys()].sort(
      (a, b) => Number(b === 'metadata.version') - Number(a === 'metadata.version'),
    )
    for (const name of names) {
      yield { type: 'FeatureLevelRecord', version: 0, record: { name, featureLevel: this.level(name) } }
    }
  }
}

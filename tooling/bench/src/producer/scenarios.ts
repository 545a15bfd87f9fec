import { codecs, type ProducerWorkload } from './workload.ts'

/** One comparison: what every contestant is asked to do. */
export interface Scenario extends Omit<ProducerWorkload, 'bootstrap' | 'topic'> {
  /** For `--only`. */
  readonly name: string
  /** For people. */
  readonly title: string
}

/** All scenarios, with `scale` times as many records. */
export function scenarios(scale: number): readonly Scenario[] {
  const small = { records: 1_000_000 * scale, recordBytes: 100, keyed: false }
  const large = { records: 200_000 * scale, recordBytes: 1024, keyed: true }
  return [
    ...codecs.map((compression) => {
      const title = `100 B, 1,000 a send, ${compression}`
      return { ...small, name: `100b-${compression}`, title, compression, mode: 'many' } as const
    }),
    ...codecs.map((compression) => {
      const title = `1 KiB keyed, 1,000 a send, ${compression}`
      return { ...large, name: `1kib-${compression}`, title, compression, mode: 'many' } as const
    }),
    {
      ...small,
      name: 'single',
      title: '100 B, one a send, 1,000 outstanding',
      // A fifth, and of that a part for those that do not gather single sends into batches: they would take minutes.
      records: 200_000 * scale,
      compression: 'none',
      mode: 'single',
    },
    {
      ...small,
      name: 'awaited',
      title: '100 B, one a send, awaited',
      records: 2_000,
      compression: 'none',
      mode: 'awaited',
    },
  ]
}

import { type Codec, codecs, type Filling, type ReadMode } from './workload.ts'

/** One comparison: what every contestant is asked to do. */
export interface Scenario {
  /** For `--only`. */
  readonly name: string
  /** For people. */
  readonly title: string
  readonly mode: ReadMode
  readonly records: number
  /** What the topic holds before; with `seen` records are sent meanwhile. */
  readonly filling: Filling
}

/** All scenarios, with `scale` times as many records. */
export function scenarios(scale: number): readonly Scenario[] {
  const small = (compression: Codec) => ({ records: 1_000_000 * scale, recordBytes: 100, keyed: false, compression })
  const large = (compression: Codec) => ({ records: 200_000 * scale, recordBytes: 1024, keyed: true, compression })
  const few = { records: 100, recordBytes: 100, keyed: false, compression: 'none' } as const
  return [
    ...codecs.map((codec) => read(`100b-${codec}`, `100 B, ${codec}`, small(codec))),
    ...codecs.map((codec) => read(`1kib-${codec}`, `1 KiB keyed, ${codec}`, large(codec))),
    { name: 'seen', title: 'send to seen', mode: 'seen', records: 1_000, filling: { ...few, records: 1 } },
    { name: 'first', title: 'new client to first record', mode: 'first', records: 30, filling: few },
    { name: 'slow', title: '1 KiB, handler of 1 ms a record', mode: 'slow', records: 1_000, filling: large('none') },
  ]
}

function read(name: string, title: string, filling: Filling): Scenario {
  return { name, title, mode: 'read', records: filling.records, filling }
}

import type { ReadMode } from '../consumer/workload.ts'

/** What a client hands over: bytes, or text where the client gives nothing else. */
type Data = Uint8Array | string | null

/** Counts what a client hands over, and looks at the first and the last byte of each key and value. */
export class Reading {
  readonly #mode: ReadMode
  readonly #most: number
  #end: () => void = () => undefined
  /** Resolves with the last record. */
  readonly ended: Promise<void>
  readonly latenciesMs: number[] = []
  count = 0
  /** Read by nobody; it keeps the look at the bytes from being optimised away. */
  sum = 0
  firstMs = 0
  lastMs = 0

  constructor(mode: ReadMode, most: number) {
    this.#mode = mode
    this.#most = most
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** Called with every record. */
  take(key: Data, value: Data): void {
    if (this.count === this.#most) return
    if (this.count === 0) this.firstMs = performance.now()
    this.count++
    this.sum += touch(key) + touch(value)
    if (this.#mode === 'seen') this.latenciesMs.push(ageMs(value))
    if (this.count === this.#most) {
      this.lastMs = performance.now()
      this.#end()
    }
  }

  /** What the handler awaits after so many records; undefined when it is done at once. */
  pause(records: number): Promise<void> | undefined {
    if (this.#mode !== 'slow') return undefined
    return new Promise((resolve) => setTimeout(resolve, records))
  }
}

function touch(data: Data): number {
  if (data === null || data.length === 0) return 0
  if (typeof data === 'string') return data.charCodeAt(0) + data.charCodeAt(data.length - 1)
  return data[0]! + data[data.length - 1]!
}

/** How long ago the time was that the value holds. */
function ageMs(value: Data): number {
  if (value === null) return Number.NaN
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('latin1')
  return Number(process.hrtime.bigint() - BigInt(text)) / 1e6
}

import { type ProducerWorkload, poolSize } from '../producer/workload.ts'
import type { BenchRecord } from './bench-client.ts'

/** Records with values of random capital letters, as `kafka-producer-perf-test` makes them, and a key of its own for each. */
export function recordPool({ recordBytes, keyed }: Pick<ProducerWorkload, 'recordBytes' | 'keyed'>): BenchRecord[] {
  let state = 1
  const letter = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return 65 + ((state >>> 8) % 26)
  }
  return Array.from({ length: poolSize }, (_, index) => {
    const keyText = keyed ? `key-${index}` : null
    const value = Buffer.from(Uint8Array.from({ length: recordBytes }, letter))
    return { key: keyText === null ? null : Buffer.from(keyText), value, keyText, valueText: value.toString('latin1') }
  })
}

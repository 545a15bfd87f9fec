import { startBroker } from '@odradek/server'
import { median } from '../statistics.ts'

const warmUp = 20
const samples = 50

/** Median time from the call of `startBroker()` to a broker that takes requests, in a process that has done it before, milliseconds. */
export async function embeddedStartMs(): Promise<number> {
  const times: number[] = []
  for (let sample = -warmUp; sample < samples; sample++) {
    const startedMs = performance.now()
    const broker = await startBroker()
    if (sample >= 0) times.push(performance.now() - startedMs)
    await broker.close()
  }
  return median(times)
}

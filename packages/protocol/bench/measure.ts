/** One contender of a comparison. */
export interface Contender {
  readonly name: string
  /** Does the work `times` times; what it answers is only there so that the work cannot be optimised away. */
  run(times: number): unknown
}

/** A comparison of contenders that do the same work. */
export interface Comparison {
  readonly title: string
  /** What one figure means: microseconds per record, gigabytes per second. */
  readonly unit: string
  /** The figure for `seconds` per run. */
  figure(seconds: number): number
  readonly higherIsBetter: boolean
  /** What the first contender has to reach. */
  readonly target: number
  readonly contenders: readonly Contender[]
}

/** A contender's figure, and how many times better the first contender is. */
export interface Result {
  readonly name: string
  readonly figure: number
  readonly ratio: number
}

const rounds = 15
const roundSeconds = 0.04

async function secondsPerRun(contender: Contender, times: number): Promise<number> {
  const started = performance.now()
  const work = contender.run(times)
  if (work instanceof Promise) await work
  return (performance.now() - started) / 1000 / times
}

/** Runs in a round as many times as take about `roundSeconds`, found while the code warms up. */
async function timesPerRound(contender: Contender): Promise<number> {
  let times = 1
  for (;;) {
    const seconds = (await secondsPerRun(contender, times)) * times
    if (seconds >= roundSeconds) return times
    times = Math.ceil(times * Math.min(10, (roundSeconds / Math.max(seconds, 1e-6)) * 1.1))
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** Lets the contenders take turns, round by round, so that what else the machine does hits all alike; answers medians. */
export async function compare(comparison: Comparison): Promise<Result[]> {
  const { contenders, figure } = comparison
  const times = []
  for (const contender of contenders) times.push(await timesPerRound(contender))
  const samples: number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) samples[i]!.push(await secondsPerRun(contender, times[i]!))
  }
  const medians = samples.map(median)
  return contenders.map(({ name }, i) => ({ name, figure: figure(medians[i]!), ratio: medians[i]! / medians[0]! }))
}

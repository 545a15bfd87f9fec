/** `npm run fuzz -w @odradek/protocol -- --count N --seed S --target NAME`: the long run. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { fuzzTargets } from './fuzz-targets.ts'
import { runFuzz } from './run-fuzz.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(randomInt(0x7fff_ffff)) },
    target: { type: 'string' },
  },
})
const targets = fuzzTargets().filter(({ name }) => values.target === undefined || values.target === name)
if (targets.length === 0) throw new Error(`no target is called ${values.target}`)

for (const target of targets) {
  const started = performance.now()
  runFuzz(target, { count: Number(values.count), seed: Number(values.seed) })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${target.name}: ${values.count} inputs from seed ${values.seed} in ${seconds} s`)
}

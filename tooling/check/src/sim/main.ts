/**
 * `npm run sim -- --seeds 5000`: every simulation, with that many seeds each; `--seeds 251..500` those; `--seed 7` repeats one; words
 * pick files, as in `npm run sim -- --seeds 5000 packages/log`. Stops when all are done, however long that takes.
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, seed: { type: 'string' } },
  allowPositionals: true,
})
const onlySimulations = ['--exclude=**/*.test.ts', '--exclude=**/*.fuzz.ts']
const child = spawn('vitest', ['run', ...positionals, ...onlySimulations, '--testTimeout=0', '--hookTimeout=0'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    ODRADEK_SEEDS: values.seeds,
    ...(values.seed === undefined ? {} : { ODRADEK_SEED: values.seed }),
  },
})
child.on('close', (code) => {
  process.exitCode = code ?? 1
})

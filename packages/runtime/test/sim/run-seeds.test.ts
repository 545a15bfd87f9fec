import { expect, test } from 'vitest'
import { runSeeds, SeedError } from '../../src/sim/index.ts'

const command = 'npx vitest run packages/x/test/y.sim.ts'

test('seeds run one after the other from the first', async () => {
  const seeds: number[] = []
  await runSeeds({ command, seeds: 3, first: 5, environment: {} }, async (seed) => {
    seeds.push(seed)
  })
  expect(seeds).toEqual([5, 6, 7])
})

test.each([
  ['ODRADEK_SEED repeats one seed', { ODRADEK_SEED: '7', ODRADEK_SEEDS: '50' }, [7]],
  ['ODRADEK_SEEDS tries that many', { ODRADEK_SEEDS: '2' }, [1, 2]],
  ['a range in ODRADEK_SEEDS tries those', { ODRADEK_SEEDS: '5..7' }, [5, 6, 7]],
  ['an empty variable is none', { ODRADEK_SEED: '' }, [1, 2, 3]],
])('%s', async (_title, environment, expected) => {
  const seeds: number[] = []
  await runSeeds({ command, seeds: 3, environment }, (seed) => void seeds.push(seed))
  expect(seeds).toEqual(expected)
})

test('of the seeds asked for, each nth is tried, and each hundredth told', async () => {
  const [seeds, lines]: [number[], string[]] = [[], []]
  const progress = (line: string) => void lines.push(line)
  const environment = { ODRADEK_SEEDS: '61..220' }
  await runSeeds({ command, seeds: 3, eachNth: 50, environment, progress }, (seed) => void seeds.push(seed))
  expect({ seeds, lines }).toEqual({
    seeds: [100, 150, 200],
    lines: [`seed 100 of 61..220: ${command}\n`, `seed 200 of 61..220: ${command}\n`],
  })
})

test('a failure names its seed, the commit and the command that repeats it, and keeps the cause', async () => {
  const cause = new Error('a record is gone')
  const running = runSeeds({ command, environment: {} }, (seed) => {
    if (seed === 3) throw cause
  })
  const error = await running.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SeedError)
  expect(error).toMatchObject({ seed: 3, cause })
  expect(String(error).split('\n')).toEqual([
    'SeedError: seed 3 fails: a record is gone',
    expect.stringMatching(/^ {2}commit: ([0-9a-f]{40}|unknown)$/),
    `  repeat: ODRADEK_SEED=3 ${command}`,
  ])
})

test('a seed that is no whole number is refused', async () => {
  const running = runSeeds({ command, environment: { ODRADEK_SEED: 'x' } }, () => undefined)
  await expect(running).rejects.toThrow('expected a whole number in ODRADEK_SEED, got x')
})

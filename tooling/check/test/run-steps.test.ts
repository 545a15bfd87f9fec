import { describe, expect, test } from 'vitest'
import { runSteps } from '../src/run-steps.ts'
import type { Step } from '../src/steps.ts'

const step = (name: string, cores: 1 | 2): Step => ({ name, cores, promise: '', command: ['true'], remedy: '' })

/** Runs the steps by hand: each ends when the test says so. */
function byHand(steps: readonly Step[], cores: number) {
  const running = new Map<string, (passed: boolean) => void>()
  const ended: string[] = []
  const results = runSteps(steps, {
    cores,
    run: (started) =>
      new Promise((resolve) => {
        running.set(started.name, (passed) => {
          running.delete(started.name)
          resolve({ step: started, passed, seconds: 1, output: '' })
        })
      }),
    ended: (result) => ended.push(result.step.name),
  })
  const end = async (name: string, passed = true) => {
    running.get(name)?.(passed)
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
  return { results, ended, end, running: () => [...running.keys()] }
}

describe('runSteps', () => {
  test('two steps of one core run at a time on two cores', async () => {
    const run = byHand([step('a', 1), step('b', 1), step('c', 1)], 2)
    expect(run.running()).toEqual(['a', 'b'])
    await run.end('b')
    expect(run.running()).toEqual(['a', 'c'])
    await run.end('a')
    await run.end('c')
    expect((await run.results).map((result) => result.step.name)).toEqual(['a', 'b', 'c'])
    expect(run.ended).toEqual(['b', 'a', 'c'])
  })

  test('a step with workers of its own has the machine to itself', async () => {
    const run = byHand([step('a', 1), step('tests', 2), step('b', 1)], 2)
    expect(run.running()).toEqual(['a'])
    await run.end('a')
    expect(run.running()).toEqual(['tests'])
    await run.end('tests')
    expect(run.running()).toEqual(['b'])
    await run.end('b')
    await run.results
  })

  test('a failed step does not keep the others from running', async () => {
    const run = byHand([step('a', 1), step('b', 2)], 2)
    await run.end('a', false)
    await run.end('b')
    expect((await run.results).map((result) => [result.step.name, result.passed])).toEqual([
      ['a', false],
      ['b', true],
    ])
  })
})

import { expect, test } from 'vitest'
import { Lanes } from '../../src/streams/run/lanes.ts'

interface Task {
  readonly lane: string
  readonly id: number
}

function tasks(...lanes: string[]): Task[] {
  return lanes.map((lane, id) => ({ lane, id }))
}

test('tasks of one lane run one after the other, those of others side by side, within the concurrency', async () => {
  const log: string[] = []
  const ends: (() => void)[] = []
  const lanes = new Lanes<Task>(2, ({ lane, id }) => {
    log.push(`begin ${lane}${id}`)
    return new Promise<void>((resolve) => {
      ends.push(() => {
        log.push(`end ${lane}${id}`)
        resolve()
      })
    })
  })
  for (const task of tasks('a', 'a', 'b', 'c')) lanes.add(task)
  lanes.start()
  const end = async () => {
    ends.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
  }
  for (let step = 0; step < 4; step++) await end()
  expect(log).toEqual(['begin a0', 'begin b2', 'end a0', 'begin c3', 'end b2', 'begin a1', 'end c3', 'end a1'])
})

test('work that ends at once runs without a turn of the event loop, however much there is', () => {
  let count = 0
  const lanes = new Lanes<Task>(1, () => {
    count++
  })
  for (let id = 0; id < 100_000; id++) lanes.add({ lane: 'a', id })
  lanes.start()
  expect(count).toBe(100_000)
})

test('dropped tasks are forgotten unless they have begun, and waiting ends with those', async () => {
  const done: number[] = []
  const ends: (() => void)[] = []
  const lanes = new Lanes<Task>(1, ({ id }) =>
    new Promise<void>((resolve) => ends.push(resolve)).then(() => void done.push(id)),
  )
  for (const task of tasks('a', 'a', 'b')) lanes.add(task)
  lanes.start()
  lanes.drop(({ lane }) => lane === 'a')
  const waiting = lanes.untilNone(({ lane }) => lane === 'a')
  ends.shift()?.()
  await waiting
  ends.shift()?.()
  await lanes.untilNone(() => true)
  expect(done).toEqual([0, 2])
})

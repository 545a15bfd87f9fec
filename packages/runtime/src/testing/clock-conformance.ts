import assert from 'node:assert/strict'
import type { Clock } from '../clock.ts'
import { type Conformance, conformance } from './conformance.ts'

/** What every `Clock` promises, as tests. */
export const clockConformance: Conformance<Clock> = conformance<Clock>([
  [
    'now is wall-clock time, monotonicMs never goes back',
    async (clock) => {
      const before = clock.monotonicMs()
      assert.ok(clock.now() > Date.UTC(2020, 0, 1), `${clock.now()}`)
      await wait(clock, 5)
      assert.ok(clock.monotonicMs() >= before + 5, `${clock.monotonicMs()} after ${before}`)
    },
  ],
  [
    'a timer fires once, and not before its delay has passed',
    async (clock) => {
      for (const delayMs of [1, 2.5, 7, 20]) {
        const start = clock.monotonicMs()
        let fired = 0
        await new Promise<void>((resolve) => {
          clock.setTimer('t', delayMs, () => {
            fired++
            resolve()
          })
        })
        assert.ok(clock.monotonicMs() - start >= delayMs, `${clock.monotonicMs() - start} of ${delayMs}`)
        await wait(clock, 5)
        assert.equal(fired, 1)
      }
    },
  ],
  [
    'timers fire in the order of their delays',
    async (clock) => {
      const fired: string[] = []
      for (const [key, delayMs] of Object.entries({ last: 60, first: 1, middle: 30 })) {
        clock.setTimer(key, delayMs, () => fired.push(key))
      }
      await wait(clock, 90)
      assert.deepEqual(fired, ['first', 'middle', 'last'])
    },
  ],
  [
    'a timer under a key that is pending replaces it',
    async (clock) => {
      const fired: string[] = []
      clock.setTimer('t', 1, () => fired.push('replaced'))
      clock.setTimer('t', 20, () => fired.push('replaced again'))
      clock.setTimer('t', 10, () => fired.push('kept'))
      await wait(clock, 40)
      assert.deepEqual(fired, ['kept'])
    },
  ],
  [
    'a cancelled timer does not fire, and cancelling what is not there does nothing',
    async (clock) => {
      const fired: string[] = []
      clock.setTimer('a', 5, () => fired.push('a'))
      clock.setTimer('b', 5, () => fired.push('b'))
      clock.setTimer('c', 0, () => fired.push('c'))
      for (const key of ['a', 'c', 'never set']) clock.cancelTimer(key)
      await wait(clock, 20)
      assert.deepEqual(fired, ['b'])
    },
  ],
  [
    'a delay of 0 fires on a later turn',
    async (clock) => {
      const order: string[] = []
      const fired = new Promise<void>((resolve) => {
        clock.setTimer('t', 0, () => {
          order.push('timer')
          resolve()
        })
      })
      order.push('same turn')
      await Promise.resolve()
      order.push('microtask')
      await fired
      assert.deepEqual(order, ['same turn', 'microtask', 'timer'])
    },
  ],
  [
    'a timer may set its own key again',
    async (clock) => {
      let fired = 0
      await new Promise<void>((resolve) => {
        const again = () => (++fired === 3 ? resolve() : clock.setTimer('t', 1, again))
        clock.setTimer('t', 1, again)
      })
      assert.equal(fired, 3)
    },
  ],
  [
    'a delay longer than 2^31 ms does not fire early',
    async (clock) => {
      let fired = false
      clock.setTimer('far', 2 ** 31 + 5, () => {
        fired = true
      })
      await wait(clock, 30)
      clock.cancelTimer('far')
      assert.equal(fired, false)
    },
  ],
  [
    'afterTurn runs after the present turn and its promise reactions, in the order of the calls',
    async (clock) => {
      const order: string[] = []
      const done = new Promise<void>((resolve) => {
        clock.afterTurn(() => order.push('first'))
        clock.afterTurn(() => {
          order.push('second')
          resolve()
        })
      })
      order.push('same turn')
      for (let round = 0; round < 50; round++) await Promise.resolve()
      order.push('microtask')
      await done
      assert.deepEqual(order, ['same turn', 'microtask', 'first', 'second'])
    },
  ],
])

function wait(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer('the wait of the test itself', delayMs, resolve)
  })
}

import { expect, test } from 'vitest'
import { SimRandom } from '../../src/sim/index.ts'

test('a seed gives the numbers that are written down here, for ever', () => {
  const random = new SimRandom(1)
  expect([random.nextInt(1000), random.nextInt(2 ** 32), random.nextFloat(), [...random.nextBytes(3)]]).toEqual([
    521,
    2936032261,
    0.2005234560225001,
    [72, 18, 214],
  ])
})

test('seeds that are alike give sequences that are not', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => new SimRandom(seed).nextInt(2 ** 32))
  expect(new Set(firsts).size).toBe(1000)
})

test('a fork depends on seed and label, not on what was drawn', () => {
  const [used, fresh] = [new SimRandom('s'), new SimRandom('s')]
  used.nextBytes(100)
  expect(used.fork('disk').nextInt(2 ** 32)).toBe(fresh.fork('disk').nextInt(2 ** 32))
  expect(fresh.fork('net').nextInt(2 ** 32)).not.toBe(fresh.fork('disk').nextInt(2 ** 32))
})

test('shuffle keeps the items and reaches every order', () => {
  const random = new SimRandom(1)
  const orders = new Set(Array.from({ length: 200 }, () => random.shuffle(['a', 'b', 'c']).join('')))
  expect([...orders].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
})

test('between and chance keep to their bounds', () => {
  const random = new SimRandom(1)
  const values = Array.from({ length: 1000 }, () => random.between(3, 4))
  expect(values.every((value) => value >= 3 && value < 4)).toBe(true)
  expect([random.between(5, 5), random.chance(0), random.chance(1)]).toEqual([5, false, true])
})

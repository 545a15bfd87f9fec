import { expect, test } from 'vitest'
import { javaHashOrder } from '../../src/command/java-hash-order.ts'

test("names stand in the order of Java's hash map, those of one bucket in the order given", () => {
  expect(javaHashOrder(['b', 'a', 'Aa', 'BB', 'c'])).toEqual(['Aa', 'BB', 'a', 'b', 'c'])
})

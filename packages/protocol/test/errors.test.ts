import { describe, expect, test } from 'vitest'
import { errorByCode, errorByName, errorList, errors } from '../src/index.ts'

describe('the error table', () => {
  test('has every code from -1 to 136 once', () => {
    expect(errorList.map(({ code }) => code)).toEqual(Array.from({ length: 138 }, (_, index) => index - 1))
  })

  test('is found by code and by name, and an unknown code is UNKNOWN_SERVER_ERROR', () => {
    for (const row of errorList) {
      expect(errorByCode(row.code)).toBe(row)
      expect(errorByName(row.name)).toBe(row)
    }
    expect(errorByCode(9999)).toBe(errors.UNKNOWN_SERVER_ERROR)
    expect(errorByName('toString')).toBeUndefined()
  })

  test('knows which errors may pass', () => {
    expect(errors.NOT_LEADER_OR_FOLLOWER).toEqual({
      code: 6,
      name: 'NOT_LEADER_OR_FOLLOWER',
      retriable: true,
      message: 'The broker is not the leader, or not a replica, of this partition',
    })
    expect(errorList.filter(({ retriable }) => retriable).length).toBe(32)
  })
})

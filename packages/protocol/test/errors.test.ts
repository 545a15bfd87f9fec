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
      message:
        'For requests intended only for the leader, this error indicates that the broker is not the current leader. For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.',
    })
    expect(errorList.filter(({ retriable }) => retriable).length).toBe(32)
  })
})

import { errors } from '@odradek/protocol'
import { encodeSubscription } from '@odradek/strategies'
import { describe, expect, it } from 'vitest'
import { describeGroup, listGroups } from '../src/index.ts'
import { bytes, ClassicContext } from './support/classic-context.ts'

describe('describing groups', () => {
  it('tells members, subscriptions and assignments of a stable group', () => {
    const context = new ClassicContext()
    const [member] = context.stable('a')
    expect(describeGroup(context.coordinator.state, 'group', 6)).toEqual({
      groupId: 'group',
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      members: [
        {
          memberId: member!.memberId,
          groupInstanceId: null,
          clientId: 'a',
          clientHost: '/127.0.0.1',
          memberMetadata: encodeSubscription({ topics: ['t'] }),
          memberAssignment: bytes('a'),
        },
      ],
    })
  })

  it('tells no subscriptions between generations', () => {
    const context = new ClassicContext()
    context.stable('a')
    context.joinWithId()
    const described = describeGroup(context.coordinator.state, 'group', 6)
    expect(described).toMatchObject({ groupState: 'PreparingRebalance', members: [{ clientId: 'a' }, {}] })
    expect(described.members?.[0]?.memberMetadata).toBeUndefined()
  })

  it('calls a group that does not exist dead, and tells the error since version 6', () => {
    const { state } = new ClassicContext().coordinator
    expect(describeGroup(state, 'x', 5)).toEqual({ groupId: 'x', groupState: 'Dead' })
    expect(describeGroup(state, 'x', 6)).toEqual({
      groupId: 'x',
      groupState: 'Dead',
      errorCode: errors.GROUP_ID_NOT_FOUND.code,
      errorMessage: 'Group x not found.',
    })
  })
})

describe('listing groups', () => {
  const context = new ClassicContext()
  context.stable('a')
  const list = (statesFilter: string[], typesFilter: string[]) =>
    listGroups(context.coordinator.state, { statesFilter, typesFilter })
  const group = { groupId: 'group', protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' }

  it.each<[string, string[], string[], boolean]>([
    ['without filters', [], [], true],
    ['by its state in any case', ['stable'], [], true],
    ['by its type in any case', [], ['Classic'], true],
    ['not by another state', ['Empty', 'Dead'], [], false],
    ['not by another type', [], ['consumer'], false],
  ])('finds a group %s', (_, states, types, isFound) => {
    expect(list(states, types)).toEqual(isFound ? [group] : [])
  })
})

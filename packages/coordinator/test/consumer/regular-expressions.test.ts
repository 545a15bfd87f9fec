import { describe, expect, it } from 'vitest'
import { ConsumerContext } from '../support/consumer-context.ts'

describe('a subscription by pattern', () => {
  it('is resolved by the coordinator, which writes down what it stands for', () => {
    const context = new ConsumerContext()
    context.coordinator.topics.create('orders.eu', 1)
    context.coordinator.topics.create('orders.us', 1)
    const a = context.member('a', { topics: null, regex: 'orders\\..*' })
    expect(a.owned).toEqual([])
    const records = context.coordinator.written(() => context.coordinator.settle())
    expect(records).toMatchObject([
      {
        type: 'ConsumerGroupRegularExpression',
        key: { groupId: 'group', regularExpression: 'orders\\..*' },
        value: { topics: ['orders.eu', 'orders.us'], timestamp: 1_000_000 },
      },
      { type: 'ConsumerGroupMetadata', value: { epoch: 2 } },
    ])
    a.beat()
    expect(a.owned).toEqual(['orders.eu-0', 'orders.us-0'])
  })

  it('takes in topics that are made later, at the earliest ten seconds after it was resolved', () => {
    const context = new ConsumerContext()
    const a = context.member('a', { topics: null, regex: 'new.*' })
    context.settle(a)
    context.coordinator.topics.create('new1', 1)
    context.settle(a)
    expect(a.owned).toEqual([])
    context.coordinator.advance(10_001)
    context.settle(a)
    expect(a.owned).toEqual(['new1-0'])
  })

  it('is shared by members that have the same one', () => {
    const context = new ConsumerContext()
    const [a, b] = ['a', 'b'].map((id) => context.member(id, { topics: null, regex: 't' }))
    context.coordinator.settle()
    context.settle(a!, b!)
    expect([a!.owned.length, b!.owned.length, context.group.resolvedRegexes.size]).toEqual([3, 3, 1])
  })

  it('is forgotten with the last member that has it', () => {
    const context = new ConsumerContext()
    const [a, b] = ['a', 'b'].map((id) => context.member(id, { topics: null, regex: 't' }))
    context.coordinator.settle()
    b!.leave()
    expect(context.group.resolvedRegexes.size).toBe(1)
    const records = context.coordinator.written(() => a!.beat({ topics: ['t'], regex: '' }))
    expect(records).toContainEqual({
      type: 'ConsumerGroupRegularExpression',
      key: { groupId: 'group', regularExpression: 't' },
      version: -1,
      value: null,
    })
    context.settle(a!)
    expect([a!.owned.length, context.group.resolvedRegexes.size]).toEqual([6, 0])
  })

  it('counts beside topics that are named', () => {
    const context = new ConsumerContext()
    context.coordinator.topics.create('u', 1)
    const a = context.member('a', { topics: ['t'], regex: 'u' })
    context.coordinator.settle()
    context.settle(a)
    expect(a.owned).toEqual(['t-0', 't-1', 't-2', 't-3', 't-4', 't-5', 'u-0'])
  })
})

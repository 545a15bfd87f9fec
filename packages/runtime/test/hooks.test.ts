import { expect, test } from 'vitest'
import { Hooks } from '../src/index.ts'

interface Events {
  rolled: { readonly baseOffset: number }
  closed: { readonly reason: string }
}

test('listeners hear the events of their name, in the order they came, until they end', () => {
  const hooks = new Hooks<Events>()
  const heard: string[] = []
  const end = hooks.on('rolled', ({ baseOffset }) => heard.push(`first ${baseOffset}`))
  hooks.on('rolled', ({ baseOffset }) => heard.push(`second ${baseOffset}`))
  hooks.emit('rolled', { baseOffset: 1 })
  hooks.emit('closed', { reason: 'nobody listens' })
  end()
  hooks.emit('rolled', { baseOffset: 2 })
  expect(heard).toEqual(['first 1', 'second 1', 'second 2'])
})

test('has tells whether anybody listens', () => {
  const hooks = new Hooks<Events>()
  const answers = [hooks.has('rolled')]
  const end = hooks.on('rolled', () => undefined)
  answers.push(hooks.has('rolled'), hooks.has('closed'))
  end()
  end()
  answers.push(hooks.has('rolled'))
  expect(answers).toEqual([false, true, false, false])
})

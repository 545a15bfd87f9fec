import { expect, test } from 'vitest'
import { commandNames, loadCommand } from '../../src/command/commands.ts'
import { commandSummaries } from '../../src/odradek/command-list.ts'

test('the list of odradek says of every command what the command says of itself', async () => {
  const own = await Promise.all(commandNames.map(async (name) => [name, (await loadCommand(name)).summary]))
  expect(Object.fromEntries(commandNames.map((name) => [name, commandSummaries[name]]))).toEqual(
    Object.fromEntries(own),
  )
})

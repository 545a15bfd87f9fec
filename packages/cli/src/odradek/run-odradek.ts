import { commandNames, loadCommand } from '../command/commands.ts'
import { main } from '../command/main.ts'
import { commandSummaries } from './command-list.ts'
import { odradekCommand } from './odradek-command.ts'
import { noZooKeeper } from './zookeeper.ts'

/** Runs what the first argument names, `topics` or `kafka-topics`, with the others; lists all commands when it names none. */
export async function runOdradek(): Promise<void> {
  const given = process.argv[2] ?? ''
  const name = nameOf(given)
  if (name === undefined) return main(async () => odradekCommand)
  process.argv.splice(2, 1)
  const command = commandNames.find((known) => known === name)
  if (command !== undefined) return main(() => loadCommand(command))
  if (name === 'zookeeper-server-start') process.stdout.write(noZooKeeper)
  else if (name === 'kafka-server-start' || name === 'kafka-server-stop' || name === 'kafka-storage') {
    const { runServerCommand } = await import('./server-commands.ts')
    await runServerCommand(name)
  }
}

function nameOf(given: string): string | undefined {
  const bare = given.replace(/\.sh$/, '')
  return Object.keys(commandSummaries).find((name) => name === bare || name === `kafka-${bare}`)
}

import { expect, test } from 'vitest'
import { loadCommand } from '../../src/command/commands.ts'
import { runCommand } from '../../src/command/main.ts'
import { WatchedIo } from './watched-io.ts'

async function complaintOf(name: 'kafka-topics' | 'kafka-consumer-groups', ...args: readonly string[]) {
  const io = new WatchedIo({ looks: 1 })
  const exitCode = await runCommand(await loadCommand(name), ['--bootstrap-server', 'localhost:9', ...args], io)
  return { exitCode, says: io.complaints.split('\n')[0], prints: io.written }
}

test.each([
  ['kafka-topics', ['--create', '--topic', 'a', '--watch'], 'Option "[watch]" can\'t be used with option "[create]"'],
  ['kafka-consumer-groups', ['--list', '--watch'], 'Option "[watch]" can\'t be used with option "[list]"'],
  ['kafka-topics', ['--list', '--watch', '0'], 'Option "[watch]" takes 0.1 seconds or more, but was given 0'],
  ['kafka-topics', ['--list', '--watch=soon'], "Cannot parse argument 'soon' of option watch"],
] as const)('%s %j is refused', async (name, args, says) => {
  expect(await complaintOf(name, ...args)).toEqual({ exitCode: 1, says, prints: [] })
})

test.each(['kafka-topics', 'kafka-consumer-groups', 'kafka-groups', 'kafka-log-dirs', 'kafka-get-offsets'] as const)(
  'the help of %s tells of --watch below the table of Kafka',
  async (name) => {
    const io = new WatchedIo({ looks: 1 })
    await runCommand(await loadCommand(name), ['--help'], io)
    expect(
      io.complaints.split("\nBeyond Kafka's own\n").map((part) => part.includes('--watch [Double: seconds]')),
    ).toEqual([false, true])
  },
)

import { Admin } from '@odradek/admin'
import { type EmbeddedBroker, startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { type CommandName, loadCommand } from '../../src/command/commands.ts'
import { runCommand } from '../../src/command/main.ts'
import { WatchedIo } from './watched-io.ts'

/** Everything that two looks of a command print, with the address of the broker left out. */
async function twoLooks({ bootstrap }: EmbeddedBroker, name: CommandName, ...args: readonly string[]): Promise<string> {
  const io = new WatchedIo({ looks: 2 })
  const exitCode = await runCommand(await loadCommand(name), ['--bootstrap-server', bootstrap, ...args, '--watch'], io)
  expect({ exitCode, complaints: io.complaints }).toEqual({ exitCode: 130, complaints: '' })
  return io.written.join('').replaceAll(bootstrap, 'here')
}

/** Two views without a terminal, the second two seconds after the first. */
function views(command: string, ...lines: readonly string[]): string {
  const view = (second: string) =>
    [`2026-11-23 12:00:0${second} UTC, every 2 s: ${command}`, ...lines].map((line) => `${line}\n`).join('')
  return `${view('0')}\n${view('2')}`
}

test('lists, descriptions and offsets are looked at again and again', async () => {
  await using broker = await startBroker()
  await using admin = new Admin({ bootstrapServers: broker.bootstrap })
  await admin.createTopics([{ topic: 'orders', partitions: 2 }])
  expect(await twoLooks(broker, 'kafka-topics', '--list')).toBe(
    views('kafka-topics --bootstrap-server here --list --watch', 'orders'),
  )
  expect(await twoLooks(broker, 'kafka-get-offsets', '--topic', 'orders')).toBe(
    views('kafka-get-offsets --bootstrap-server here --topic orders --watch', 'orders:0:0', 'orders:1:0'),
  )
  expect(await twoLooks(broker, 'kafka-topics', '--list', '--json')).toBe('[\n  "orders"\n]\n\n[\n  "orders"\n]\n')
  const logDirs = await twoLooks(broker, 'kafka-log-dirs', '--describe')
  expect(logDirs.match(/^Querying brokers for log directories information$/gm)).toHaveLength(2)
  const topics = await twoLooks(broker, 'kafka-topics', '--describe', '--topic', 'orders')
  expect(topics.match(/^Topic: orders\t.*PartitionCount: 2/gm)).toHaveLength(2)
})

test('groups show their lags', async () => {
  await using broker = await startBroker()
  await using admin = new Admin({ bootstrapServers: broker.bootstrap })
  await admin.createTopics([{ topic: 'orders', partitions: 1 }])
  await admin.alterConsumerGroupOffsets('billing', [{ topic: 'orders', partition: 0, offset: 0 }])
  expect(await twoLooks(broker, 'kafka-groups', '--list')).toBe(
    views(
      'kafka-groups --bootstrap-server here --list --watch',
      'GROUP                TYPE                 PROTOCOL            ',
      'billing              Classic                                   ',
    ),
  )
  const title = 'TOPIC   PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CHANGE/S                       CLIENT-ID'
  const line = (change: string) =>
    `orders          0               0               0    0  ${change}                       -`
  const command = 'every 2 s: kafka-consumer-groups --bootstrap-server here --describe --group billing --watch'
  expect(await twoLooks(broker, 'kafka-consumer-groups', '--describe', '--group', 'billing')).toBe(
    [
      `2026-11-23 12:00:00 UTC, ${command}`,
      'Group billing: Empty, 0 members, total lag 0, change/s -',
      title,
      line('       -'),
      '',
      `2026-11-23 12:00:02 UTC, ${command}`,
      'Group billing: Empty, 0 members, total lag 0, change/s 0.0',
      title,
      line('     0.0'),
      '',
    ].join('\n'),
  )
})

test('a look that finds nothing says so in the words of the command, and the next is taken', async () => {
  await using broker = await startBroker()
  expect(await twoLooks(broker, 'kafka-topics', '--describe', '--topic', 'payments')).toBe(
    views(
      'kafka-topics --bootstrap-server here --describe --topic payments --watch',
      "Error while executing topic command : Topic 'payments' does not exist as expected",
    ),
  )
})

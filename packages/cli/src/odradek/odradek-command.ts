import type { Command } from '../command/command.ts'
import { kafkaVersion } from '../command/kafka-version.ts'
import { commandSummaries, shortName } from './command-list.ts'

const examples = [
  'odradek storage format --standalone -t $(odradek storage random-uuid) -c server.properties',
  'odradek server-start server.properties',
  'odradek topics --bootstrap-server localhost:9092 --create --topic orders --partitions 3',
  'odradek console-producer --bootstrap-server localhost:9092 --topic orders',
  'odradek console-consumer --bootstrap-server localhost:9092 --topic orders --from-beginning',
  'odradek completion bash >> ~/.bashrc',
]

/** `odradek` itself: lists the commands and prints completion scripts. */
export const odradekCommand: Command = {
  name: 'odradek',
  summary: 'List and run the commands of Kafka',
  examples,
  async run(args, io) {
    const [first, second] = args
    if (first === '--version') {
      await io.out(`${kafkaVersion}\n`)
      return 0
    }
    if (first === 'completion') {
      const { completionScript, isShell } = await import('../completion/completion-script.ts')
      if (second !== undefined && isShell(second)) {
        await io.out(await completionScript(second))
        return 0
      }
      io.err('usage: odradek completion bash|zsh|fish\n')
      return 1
    }
    if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
      await io.out(helpText())
      return 0
    }
    io.err(`odradek knows no command ${first}; odradek --help lists them\n`)
    return 1
  },
}

function helpText(): string {
  const rows = [
    ...Object.entries(commandSummaries).map(([name, summary]) => [shortName(name), summary] as const),
    ['completion', 'Print a completion script for bash, zsh or fish'] as const,
  ]
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return [
    'usage: odradek COMMAND [options]',
    '',
    "Kafka's commands, each also by its own name: kafka-topics, kafka-topics.sh. COMMAND --help tells the options.",
    '',
    ...rows.map(([name, summary]) => `  ${name.padEnd(width)}${summary}`),
    '',
    'Examples',
    ...examples.map((line) => `  ${line}`),
    '',
  ].join('\n')
}

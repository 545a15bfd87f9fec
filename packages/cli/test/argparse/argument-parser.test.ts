import { expect, test } from 'vitest'
import { type ArgparseSpec, parseArguments } from '../../src/argparse/argument-parser.ts'

const help = 'usage: tool [-h] {run} ...\n\nThe tool.\n'
const runHelp = 'usage: tool run [-h]\n\nRuns.\n'
const spec: ArgparseSpec = {
  program: 'tool',
  help,
  options: [
    { names: ['--server'], kind: 'text' },
    { names: ['--controller'], kind: 'text' },
  ],
  exclusive: { names: ['--server', '--controller'], isRequired: true },
  subcommands: {
    run: {
      program: 'tool run',
      help: runHelp,
      options: [
        { names: ['--id', '-i'], kind: 'integer', isRequired: true },
        { names: ['--feature'], kind: 'list' },
        { names: ['--dry-run'], kind: 'flag' },
      ],
    },
  },
}

test('options before and behind a subcommand are read, lists as often as they are given', () => {
  const given = parseArguments(spec, ['--server=a:1', 'run', '-i', '3', '--feature', 'x=1', '--feature', 'y=2'])
  expect([
    given.command,
    given.value('server'),
    given.value('id'),
    given.values('feature'),
    given.has('dry-run'),
  ]).toEqual(['run', 'a:1', '3', ['x=1', 'y=2'], false])
})

test.each([
  ['usage: tool [-h] {run} ...', ['--server', 'a:1'], 'too few arguments'],
  ['usage: tool [-h] {run} ...', ['--server', 'a:1', 'walk'], "invalid choice: 'walk' (choose from 'run')"],
  ['usage: tool [-h] {run} ...', ['run', '-i', '1'], 'one of the arguments --server --controller is required'],
  [
    'usage: tool [-h] {run} ...',
    ['--server', 'a:1', '--controller', 'b:1'],
    'argument --controller: not allowed with argument --server',
  ],
  ['usage: tool run [-h]', ['--server', 'a:1', 'run'], 'argument --id/-i is required'],
  ['usage: tool run [-h]', ['--server', 'a:1', 'run', '-i'], 'argument --id/-i: expected one argument'],
  [
    'usage: tool run [-h]',
    ['--server', 'a:1', 'run', '-i', 'x'],
    "argument --id/-i: could not convert 'x' to int (32 bits)",
  ],
  ['usage: tool run [-h]', ['--server', 'a:1', 'run', '-i', '1', '--fast'], "unrecognized arguments: '--fast'"],
])('under %j, %j is refused with 1', (usage, args, message) => {
  expect(() => parseArguments(spec, args)).toThrow(
    expect.objectContaining({
      exitCode: 1,
      standardError: `${usage}\ntool: error: ${message}\n`,
    }),
  )
})

test('the help of a subcommand is its own, and goes to standard output', () => {
  expect(() => parseArguments(spec, ['run', '-h'])).toThrow(
    expect.objectContaining({ exitCode: 0, standardOutput: runHelp, standardError: '' }),
  )
})

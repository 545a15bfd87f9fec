import { describe, expect, it } from 'vitest'
import { OptionError } from '../../src/options/option-error.ts'
import { optionHelp } from '../../src/options/option-help.ts'
import { parseOptions } from '../../src/options/option-parser.ts'
import { flag, type OptionRow, option, text } from '../../src/options/option-row.ts'

const rows: readonly OptionRow[] = [
  flag('list', 'List all available topics.'),
  text('topic', 'topic', 'The topic to create.'),
  option('partitions', { type: 'Integer', describedAs: '# of partitions' }, 'The number of partitions.'),
  option('time', { type: 'String', defaults: ['latest'] }, 'Timestamp of the offsets before that.'),
  option('all', { type: 'String', isOptional: true }, 'Everything, or what is named.'),
]

function parsed(...args: string[]): Record<string, unknown> {
  const options = parseOptions(rows, args)
  const given = rows.filter(({ name }) => options.has(name)).map(({ name }) => [name, options.values(name)])
  return { ...Object.fromEntries(given), operands: options.operands }
}

describe('a command line', () => {
  it.each([
    ['--topic orders', { topic: ['orders'], operands: [] }],
    ['--topic=orders', { topic: ['orders'], operands: [] }],
    ['-topic orders', { topic: ['orders'], operands: [] }],
    ['--topic= orders', { topic: ['orders'], operands: [] }],
    ['--topic --list', { topic: ['--list'], operands: [] }],
    ['--time -1', { time: ['-1'], operands: [] }],
    ['--topic a --topic b', { topic: ['a', 'b'], operands: [] }],
    ['--all --list', { list: [], all: [], operands: [] }],
    ['--all some', { all: ['some'], operands: [] }],
    ['one --list -- --topic', { list: [], operands: ['one', '--topic'] }],
  ])('%s', (line, expected) => {
    expect(parsed(...line.split(' '))).toEqual(expected)
  })

  it.each([
    ['--topics', 'topics is not a recognized option'],
    ['-x', 'x is not a recognized option'],
    ['--topic', 'Option topic requires an argument'],
    ['--partitions many', "Cannot parse argument 'many' of option partitions"],
    ['--partitions 2147483648', "Cannot parse argument '2147483648' of option partitions"],
  ])('%s is refused in the words of Kafka', (line, message) => {
    expect(() => parsed(...line.split(' '))).toThrow(new OptionError(message))
  })

  it('gives one value only of an option that was given twice', () => {
    expect(() => parseOptions(rows, ['--topic', 'a', '--topic', 'b']).value('topic')).toThrow(
      new OptionError('Found multiple arguments for option topic, but you asked for only one'),
    )
  })

  it('falls back to defaults, which do not count as given', () => {
    const options = parseOptions(rows, [])
    expect([options.value('time'), options.has('time')]).toEqual(['latest', false])
  })
})

describe('the help', () => {
  it('is a table in the layout of Kafka', () => {
    expect(optionHelp(rows)).toBe(
      [
        'Option                                   Description                          ',
        '------                                   -----------                          ',
        '--all [String]                           Everything, or what is named.        ',
        '--list                                   List all available topics.           ',
        '--partitions <Integer: # of partitions>  The number of partitions.            ',
        '--time <String>                          Timestamp of the offsets before that.',
        '                                           (default: latest)                  ',
        '--topic <String: topic>                  The topic to create.                 ',
        '',
      ].join('\n'),
    )
  })
})

import { readFileSync } from 'node:fs'
import { decode } from '@odradek/protocol'
import { kRaftVersionRecord, votersRecord } from '@odradek/protocol/messages'
import { readMetadataBatches } from '@odradek/quorum'
import { MemoryStorage } from '@odradek/runtime'
import { NodeRandom } from '@odradek/runtime/node'
import { describe, expect, test } from 'vitest'
import { parseProperties } from '../../src/properties-file.ts'
import { runStorageTool } from '../../src/storage/storage-tool.ts'

interface Step {
  readonly args: readonly string[]
  readonly out: readonly string[]
  readonly err: readonly string[]
  readonly code: number
}

interface Session {
  readonly steps: readonly Step[]
  /** Snapshots on disk at the end, as hexadecimal. */
  readonly snapshots: Readonly<Record<string, string>>
  readonly metaProperties: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Sessions with the StorageTool of Apache Kafka 4.4: what it printed, returned and left on disk. */
const recorded: { readonly files: Readonly<Record<string, string>>; readonly sessions: readonly Session[] } =
  JSON.parse(readFileSync(new URL('fixtures/apache-kafka-storage-tool.json', import.meta.url), 'utf8'))

describe('kafka-storage prints, returns and writes what that of Apache Kafka 4.4 does', () => {
  test.each(recorded.sessions.map((session) => [titleOf(session), session] as const))('%s', (_, session) => {
    const tool = newTool()
    const steps = session.steps.map(({ args }) => tool.run(args))
    expect(steps.map(comparable)).toEqual(session.steps.map(comparable))
    expect(tool.snapshots()).toEqual(mapValues(session.snapshots, (hex) => contentOf(Buffer.from(hex, 'hex'))))
    expect(mapValues(tool.metaProperties(), withoutChance)).toEqual(mapValues(session.metaProperties, withoutChance))
  })
})

test('random-uuid prints a UUID that no command line takes for an option', () => {
  const { out, code } = newTool().run(['random-uuid'])
  expect([out.join(), code]).toEqual([expect.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/), 0])
})

test('every directory gets an id of its own', () => {
  const tool = newTool()
  tool.run(['format', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', '/kafka/static.properties'])
  const ids = Object.values(tool.metaProperties()).map((properties) => properties['directory.id'])
  expect(new Set(ids).size).toBe(2)
})

test('help names every option', () => {
  const { out, code } = newTool().run(['format', '--help'])
  const options = [...out.join('\n').matchAll(/^ {2}(--[a-z-]+)/gm)].map((match) => match[1])
  expect([options, code]).toEqual([
    [
      '--config',
      '--cluster-id',
      '--add-scram',
      '--ignore-formatted',
      '--release-version',
      '--feature',
      '--standalone',
      '--no-initial-controllers',
      '--initial-controllers',
    ],
    0,
  ])
})

test('a bad config file is one line with its place', () => {
  const tool = newTool()
  tool.storage.writeFile('/kafka/bad.properties', new TextEncoder().encode('process.roles=zookeeper\n'))
  expect(tool.run(['info', '-c', '/kafka/bad.properties'])).toEqual({
    args: ['info', '-c', '/kafka/bad.properties'],
    out: [],
    err: [
      '/kafka/bad.properties:1: Invalid value zookeeper for configuration process.roles: String must be one of: broker, controller (expected LIST [broker, controller])',
    ],
    code: 1,
  })
})

function newTool() {
  const storage = new MemoryStorage()
  storage.makeDirectory('/kafka')
  for (const [path, text] of Object.entries(recorded.files)) storage.writeFile(path, new TextEncoder().encode(text))
  const underData = (name: string) =>
    ['a', 'b', 'c', 'm'].map((dir) => `/kafka/${dir}/${name}`).filter((path) => storage.exists(path))
  return {
    storage,
    run(args: readonly string[]): Step {
      const [out, err]: [string[], string[]] = [[], []]
      const code = runStorageTool(args, {
        storage,
        random: new NodeRandom(),
        clock: { now: () => 1_700_000_000_000 },
        out: (line) => out.push(line),
        err: (line) => err.push(line),
      })
      return { args, out, err, code }
    },
    snapshots() {
      const paths = underData('__cluster_metadata-0/00000000000000000000-0000000000.checkpoint')
      return Object.fromEntries(paths.map((path) => [path, contentOf(storage.readFile(path))]))
    },
    metaProperties(): Record<string, Record<string, string>> {
      return Object.fromEntries(
        underData('meta.properties').map((path) => [
          path,
          Object.fromEntries(
            parseProperties(new TextDecoder().decode(storage.readFile(path))).map((p) => [p.name, p.value]),
          ),
        ]),
      )
    },
  }
}

/** A snapshot without what depends on time and chance. */
function contentOf(bytes: Uint8Array) {
  return [...readMetadataBatches(new Uint8Array(bytes))].map(({ baseOffset, records, controlRecords }) => ({
    baseOffset,
    records,
    control: controlRecords.map(({ key, value }) => [key[3], controlContent(key[3]!, value)]),
  }))
}

function controlContent(type: number, value: Uint8Array): unknown {
  if (type === 5) return decode(kRaftVersionRecord, value, 0)
  if (type !== 6) return value.length
  const { voters, ...rest } = decode(votersRecord, value, 0)
  return { ...rest, voters: voters.map((voter) => ({ ...voter, voterDirectoryId: voter.voterDirectoryId.length })) }
}

function withoutChance(properties: Readonly<Record<string, string>>) {
  return { ...properties, 'directory.id': properties['directory.id']?.length }
}

/** argparse breaks lines where it likes and Java's sets have no order; the rest is compared as it is. */
function comparable({ args, out, err, code }: Step) {
  const usageError = err.findIndex((line) => line.startsWith('kafka-storage:'))
  const lines = err.map((line) => line.replace(/^Log directory \S+/, 'Log directory …'))
  return {
    args,
    code,
    out: out.map((line) => line.replace(/directory\.id=[^,}]+/, 'directory.id=…')).sort(),
    err: usageError < 0 ? lines : [lines.slice(0, usageError), lines.slice(usageError).join('').replace(/\s/g, '')],
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

function titleOf({ steps }: Session): string {
  return steps.map(({ args }) => args.join(' ') || '(nothing)').join('; ')
}

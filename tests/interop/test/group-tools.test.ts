import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KafkaTool } from '@odradek/apache-kafka'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DrivenGroupClient } from '../src/clients/driven-group-client.ts'
import { startJavaDriver } from '../src/clients/java.ts'
import { createTopics, uniqueTopic } from '../src/create-topics.ts'
import { groupProtocols } from '../src/group-client.ts'
import type { LineDriver } from '../src/line-driver.ts'
import { MixedGroup } from '../src/mixed-group.ts'
import { base64 } from '../src/record.ts'
import { missing } from '../src/runtimes.ts'
import { fullSuite, startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'
import { ToolRunner } from '../src/tool-runner.ts'

const withoutJava = missing('java')
const availability = targetNames().map((name) => ({ name, why: withoutJava ?? targetMissing(name) }))

const fixture = (name: string) => join(import.meta.dirname, '../fixtures', name)
const firstTimestamp = 1_750_000_000_000

// What is told of these commands is stored once, as Apache Kafka said it, and holds for every broker.
describe.each(availability)("Kafka's command line for groups against $name", ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let tools: ToolRunner
  let java: LineDriver
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'odradek-group-tools-'))
    ;[target, tools, java] = await Promise.all([startTarget(name), ToolRunner.start(), startJavaDriver()])
    tools.replace(target.bootstrap, 'BROKER')
    tools.replace(dir, 'DIR')
  }, 60_000)
  afterAll(async () => {
    await java?.close()
    await tools?.[Symbol.asyncDispose]()
    await target?.[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })

  const named = (word: string) => {
    const unique = uniqueTopic(word.toLowerCase())
    tools.replace(unique, word)
    return unique
  }
  /** A topic with five records in its first partition and three in its second, ten seconds apart. */
  const newTopic = async () => {
    const topic = named('TOPIC')
    await createTopics(target.bootstrap, [{ topic, partitions: 2 }])
    for (const [partition, count] of [5, 3].entries()) {
      const records = Array.from({ length: count }, (_, index) => {
        return {
          key: null,
          value: base64(`${partition}-${index}`),
          headers: [],
          timestamp: firstTimestamp + index * 10_000,
        }
      })
      await java.request('produce', { bootstrap: target.bootstrap, topic, partition, records })
    }
    return topic
  }
  const commit = (groupId: string, topic: string, offsets: readonly number[]) =>
    Promise.all(
      offsets.map((offset, partition) =>
        java.request('commit', { bootstrap: target.bootstrap, groupId, topic, partition, offset }),
      ),
    )
  /** A group of one Java member that has read and committed everything. */
  const liveGroup = async (groupId: string, topic: string, protocol: (typeof groupProtocols)[number]) => {
    const group = new MixedGroup({
      bootstrap: target.bootstrap,
      groupId,
      topics: [topic],
      protocol,
      config: { 'client.id': 'live' },
    })
    await group.join(new DrivenGroupClient(java, 'java', groupProtocols))
    await group.untilShared([`${topic}-0`, `${topic}-1`])
    await group.read(['0-0', '0-1', '0-2', '0-3', '0-4', '1-0', '1-1', '1-2'])
    await group.commit()
    return group
  }
  /** Runs commands after each other and tells each with its output, in a form that is the same for every run. */
  const transcript = async (tool: KafkaTool, commands: readonly (readonly string[])[], only = /./) => {
    const told: string[] = []
    for (const args of commands) {
      const { code, stdout, stderr } = await tools.run(tool, ['--bootstrap-server', target.bootstrap, ...args])
      const lines = `${stdout}${stderr}`
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
        .replace(/\s*\n\s*(at |Caused by:|\.\.\. ).*/g, '')
        .split('\n')
        .map((line) =>
          line
            .trim()
            .replace(/\s+/g, ' ')
            .replace(/ [\w-]{22} (?=\/)/, ' UUID '),
        )
        .filter((line) => line !== '' && only.test(line))
      const command = readable([tool, ...args].join(' '))
      // Tools print groups and partitions in no particular order.
      told.push(`$ ${command}\n${lines.sort().join('\n')}\nexit code ${code}\n`)
    }
    return told.join('\n')
  }
  const readable = (text: string) => tools.readable(text)

  test('kafka-consumer-groups lists and describes groups of both protocols with their lag, members and state', {
    timeout: 90_000,
  }, async () => {
    const topic = await newTopic()
    const [classic, consumer, empty] = [named('CLASSIC'), named('CONSUMER'), named('EMPTY')]
    await commit(empty, topic, [2, 3])
    const groups = [await liveGroup(classic, topic, 'range'), await liveGroup(consumer, topic, 'consumer')]
    await java.request('produce', {
      bootstrap: target.bootstrap,
      topic,
      partition: 0,
      records: [{ key: null, value: base64('new'), headers: [] }],
    })
    const listed = await transcript(
      'kafka-consumer-groups',
      [
        ['--list'],
        ['--list', '--state'],
        ['--list', '--type'],
        ['--list', '--state', 'Stable'],
        ['--list', '--type', 'consumer'],
      ],
      /CLASSIC|CONSUMER|EMPTY|GROUP/,
    )
    const groupsListed = await transcript(
      'kafka-groups',
      [
        ['--list'],
        ['--list', '--consumer'],
        ['--list', '--group-type', 'classic'],
        ['--list', '--protocol', 'consumer'],
      ],
      /CLASSIC|CONSUMER|EMPTY|GROUP/,
    )
    const described = await transcript(
      'kafka-consumer-groups',
      [classic, consumer, empty, 'odradek-nobody'].flatMap((group) =>
        [
          ['--offsets'],
          ['--offsets', '--verbose'],
          ['--members'],
          ['--members', '--verbose'],
          ['--state'],
          ['--state', '--verbose'],
        ].map((what) => ['--describe', '--group', group, ...what]),
      ),
    )
    await expect(`${listed}\n${groupsListed}\n${described}`).toMatchFileSnapshot(fixture('group-descriptions.txt'))
    for (const group of groups) await group.leave()
  })

  test('kafka-consumer-groups resets offsets by every rule, dry and for good, and deletes offsets and groups', {
    timeout: 90_000,
  }, async () => {
    const topic = await newTopic()
    const [group, live] = [named('RESET'), named('LIVE')]
    await commit(group, topic, [2, 1])
    const plan = join(dir, 'plan.csv')
    await writeFile(plan, `${topic},0,1\n${topic},1,0\n`)
    const rules = [
      ['--to-earliest'],
      ['--to-latest'],
      ['--to-offset', '2'],
      ['--to-offset', '99'],
      ['--shift-by', '-1'],
      ['--shift-by', '9'],
      ['--to-datetime', '2025-06-15T15:06:55.000'],
      ['--to-datetime', '2025-06-15T15:06:55.000+02:00'],
      ['--by-duration', 'P1D'],
      ['--to-current'],
      ['--from-file', plan],
    ]
    const topics = (rule: readonly string[]) => (rule[0] === '--from-file' ? [] : ['--topic', topic])
    const reset = (rule: readonly string[], how: string) => [
      '--reset-offsets',
      '--group',
      group,
      ...topics(rule),
      ...rule,
      how,
    ]
    const running = await liveGroup(live, topic, 'range')
    const told = await transcript('kafka-consumer-groups', [
      ...rules.flatMap((rule) => [reset(rule, '--dry-run'), reset(rule, '--execute')]),
      ['--reset-offsets', '--group', group, '--topic', `${topic}:1`, '--to-latest', '--execute'],
      ['--reset-offsets', '--group', group, '--all-topics', '--to-earliest', '--export', '--dry-run'],
      ['--reset-offsets', '--group', live, '--topic', topic, '--to-earliest', '--execute'],
      ['--describe', '--group', group],
      ['--delete-offsets', '--group', group, '--topic', `${topic}:0`],
      ['--delete-offsets', '--group', live, '--topic', topic],
      ['--delete-offsets', '--group', 'odradek-nobody', '--topic', topic],
      ['--describe', '--group', group],
      ['--delete', '--group', live],
      ['--delete', '--group', group],
      ['--delete', '--group', 'odradek-nobody'],
      ['--describe', '--group', group],
    ])
    await running.leave()
    await expect(told).toMatchFileSnapshot(fixture('group-resets.txt'))
  })

  test("kafka-configs sets a group's own times within the broker's limits", { timeout: 60_000 }, async () => {
    const where = ['--entity-type', 'groups', '--entity-name', named('CONFIGURED')]
    const set = (value: string) => ['--alter', '--add-config', value, ...where]
    const told = await transcript('kafka-configs', [
      set('consumer.session.timeout.ms=50000,consumer.heartbeat.interval.ms=700'),
      ['--describe', ...where],
      set('consumer.session.timeout.ms=44999'),
      set('consumer.heartbeat.interval.ms=499'),
      set('consumer.heartbeat.interval.ms=often'),
      set('consumer.nonsense=1'),
      ['--alter', '--delete-config', 'consumer.session.timeout.ms', ...where],
      ['--describe', ...where],
    ])
    await expect(told).toMatchFileSnapshot(fixture('group-configs.txt'))
  })

  test.each(fullSuite ? ['classic', 'consumer'] : ['classic'])(
    'kafka-verifiable-consumer reads and commits all there is by the %s protocol',
    {
      timeout: 90_000,
    },
    async (protocol) => {
      const topic = await newTopic()
      const groupId = named('VERIFIED')
      const args = [
        '--bootstrap-server',
        target.bootstrap,
        '--topic',
        topic,
        '--group-id',
        groupId,
        '--max-messages',
        '8',
      ]
      const options = ['--group-protocol', protocol, '--reset-policy', 'earliest']
      const { code, stdout } = await tools.run('kafka-verifiable-consumer', [...args, ...options])
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { name: string; count?: number; success?: boolean })
      const read = events
        .filter((event) => event.name === 'records_consumed')
        .reduce((sum, { count = 0 }) => sum + count, 0)
      // A process also tells that it was asked to stop, at its very end.
      const names = new Set(events.map((event) => event.name).filter((event) => event !== 'shutdown_requested'))
      expect({
        code,
        read,
        names: [...names].sort(),
        failed: events.filter(({ success }) => success === false),
      }).toEqual({
        code: 0,
        read: 8,
        names: [
          'offsets_committed',
          'partitions_assigned',
          'partitions_revoked',
          'records_consumed',
          'shutdown_complete',
          'startup_complete',
        ],
        failed: [],
      })
      const offsets = await java.request<{ value: object }>('groupOffsets', { bootstrap: target.bootstrap, groupId })
      expect(offsets.value).toMatchObject({ [`${topic}-0`]: { offset: 5 }, [`${topic}-1`]: { offset: 3 } })
    },
  )
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopics, uniqueTopic } from '../src/create-topics.ts'
import { missing } from '../src/runtimes.ts'
import { startTarget, type Target, targetMissing, targetNames } from '../src/targets.ts'
import { ToolRunner } from '../src/tool-runner.ts'

const withoutJava = missing('java')
const availability = targetNames().map((name) => ({ name, why: withoutJava ?? targetMissing(name) }))

const ok = (stdout: string) => ({ code: 0, stdout, stderr: '' })
const failed = (stdout: string) => ({ code: 1, stdout, stderr: '' })

/** What the broker of this stage has to serve, with the versions of Kafka 4.4. */
const servedApis = `Produce(0): 0 to 13
Fetch(1): 4 to 18
ListOffsets(2): 1 to 11
Metadata(3): 0 to 13
OffsetCommit(8): 2 to 10
OffsetFetch(9): 1 to 10
FindCoordinator(10): 0 to 6
JoinGroup(11): 0 to 9
Heartbeat(12): 0 to 4
LeaveGroup(13): 0 to 5
SyncGroup(14): 0 to 5
DescribeGroups(15): 0 to 6
ListGroups(16): 0 to 5
ApiVersions(18): 0 to 5
CreateTopics(19): 2 to 7
DeleteTopics(20): 1 to 6
DeleteRecords(21): 0 to 2
InitProducerId(22): 0 to 5
OffsetForLeaderEpoch(23): 2 to 4
DescribeConfigs(32): 1 to 4
AlterConfigs(33): 0 to 2
DescribeLogDirs(35): 1 to 5
CreatePartitions(37): 0 to 3
DeleteGroups(42): 0 to 3
IncrementalAlterConfigs(44): 0 to 1
OffsetDelete(47): 0
DescribeQuorum(55): 0 to 2
UpdateFeatures(57): 0 to 2
DescribeCluster(60): 0 to 2
DescribeProducers(61): 0
ConsumerGroupHeartbeat(68): 0 to 1
ConsumerGroupDescribe(69): 0 to 1
ListConfigResources(74): 0 to 1
DescribeTopicPartitions(75): 0`.split('\n')

describe.each(availability)("Kafka's command line against $name", ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let target: Target
  let tools: ToolRunner
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'odradek-tools-'))
    ;[target, tools] = await Promise.all([startTarget(name), ToolRunner.start()])
    tools.replace(target.bootstrap, 'BROKER')
  }, 60_000)
  afterAll(async () => {
    await tools?.[Symbol.asyncDispose]()
    await target?.[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })

  const at = () => ['--bootstrap-server', target.bootstrap]
  const topicFor = (prefix: string) => {
    const topic = uniqueTopic(prefix)
    tools.replace(topic, 'TOPIC')
    return topic
  }
  const newTopic = async (prefix: string, partitions = 1) => {
    const topic = topicFor(prefix)
    await createTopics(target.bootstrap, [{ topic, partitions }])
    return topic
  }

  test('kafka-topics creates, lists, describes, grows and deletes a topic', { timeout: 60_000 }, async () => {
    const topic = topicFor('topics')
    const run = (...args: string[]) => tools.run('kafka-topics', [...at(), ...args])
    const line = (partition: number) =>
      `\tTopic: TOPIC\tPartition: ${partition}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: \n`
    const head = (partitions: number) =>
      `Topic: TOPIC\tTopicId: ID\tPartitionCount: ${partitions}\tReplicationFactor: 1\t` +
      'Configs: min.insync.replicas=1,retention.ms=86400000\n'
    expect(await run('--create', '--topic', topic, '--partitions', '2', '--config', 'retention.ms=86400000')).toEqual(
      ok('Created topic TOPIC.\n'),
    )
    expect((await run('--list')).stdout.split('\n')).toContain('TOPIC')
    expect(await run('--describe', '--topic', topic)).toEqual(ok(head(2) + line(0) + line(1)))
    expect(await run('--alter', '--topic', topic, '--partitions', '3')).toEqual(ok(''))
    expect(await run('--describe', '--topic', topic)).toEqual(ok(head(3) + line(0) + line(1) + line(2)))
    expect(await run('--delete', '--topic', topic)).toEqual(ok(''))
    expect((await run('--list')).stdout.split('\n')).not.toContain('TOPIC')
  })

  test("kafka-topics repeats the broker's refusals word for word", { timeout: 60_000 }, async () => {
    const topic = await newTopic('refused', 2)
    const run = (...args: string[]) => tools.run('kafka-topics', [...at(), ...args])
    const refusal = (text: string) => failed(`Error while executing topic command : ${text}\n`)
    const other = uniqueTopic('never')
    tools.replace(other, 'OTHER')
    const create = (...args: string[]) => run('--create', '--topic', other, ...args)
    expect(await run('--create', '--topic', topic)).toEqual(refusal("Topic 'TOPIC' already exists."))
    expect(await create('--replication-factor', '3')).toEqual(
      refusal(
        'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because ' +
          'only 1 broker(s) are registered or some brokers have all their log directories cordoned.',
      ),
    )
    expect(await create('--partitions', '0')).toMatchObject({ code: 1 })
    expect(await create('--config', 'retention.ms=soon')).toEqual(
      refusal('Invalid value soon for configuration retention.ms: Not a number of type LONG'),
    )
    expect(await create('--config', 'retention.weeks=1')).toEqual(refusal('Unknown topic config name: retention.weeks'))
    expect(await run('--alter', '--topic', topic, '--partitions', '1')).toEqual(
      refusal('The topic TOPIC currently has 2 partition(s); 1 would not be an increase.'),
    )
    expect(await run('--describe', '--topic', other)).toEqual(refusal("Topic 'OTHER' does not exist as expected"))
    expect(await run('--delete', '--topic', other)).toEqual(refusal("Topic 'OTHER' does not exist as expected"))
  })

  test('kafka-configs sets, shows and removes topic and broker configs', { timeout: 60_000 }, async () => {
    const topic = await newTopic('configs')
    const run = (...args: string[]) => tools.run('kafka-configs', [...at(), '--entity-type', ...args])
    const added = 'cleanup.policy=compact,max.message.bytes=2000000'
    expect(await run('topics', '--entity-name', topic, '--alter', '--add-config', added)).toEqual(
      ok('Completed updating config for topic TOPIC.\n'),
    )
    expect(await run('topics', '--entity-name', topic, '--describe')).toEqual(
      ok(`Dynamic configs for topic TOPIC are:
  cleanup.policy=compact sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact, DEFAULT_CONFIG:log.cleanup.policy=delete}
  max.message.bytes=2000000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=2000000, DEFAULT_CONFIG:message.max.bytes=1048588}
`),
    )
    const removed = 'cleanup.policy,max.message.bytes'
    expect(await run('topics', '--entity-name', topic, '--alter', '--delete-config', removed)).toEqual(
      ok('Completed updating config for topic TOPIC.\n'),
    )
    expect(await run('topics', '--entity-name', topic, '--describe')).toEqual(
      ok('Dynamic configs for topic TOPIC are:\n'),
    )
    expect(await run('brokers', '--entity-name', '1', '--alter', '--add-config', 'log.cleaner.threads=2')).toEqual(
      ok('Completed updating config for broker 1.\n'),
    )
    expect(await run('brokers', '--entity-name', '1', '--describe')).toEqual(
      ok(`Dynamic configs for broker 1 are:
  log.cleaner.threads=2 sensitive=false synonyms={DYNAMIC_BROKER_CONFIG:log.cleaner.threads=2, DEFAULT_CONFIG:log.cleaner.threads=1}
`),
    )
    expect(await run('brokers', '--entity-name', '1', '--alter', '--delete-config', 'log.cleaner.threads')).toEqual(
      ok('Completed updating config for broker 1.\n'),
    )
  })

  test('kafka-configs shows every topic config of Kafka 4.4 with its default', { timeout: 60_000 }, async () => {
    const topic = await newTopic('all-configs')
    const where = ['--entity-type', 'topics', '--entity-name', topic]
    const { stdout } = await tools.run('kafka-configs', [...at(), ...where, '--describe', '--all'])
    await expect(stdout).toMatchFileSnapshot(join(import.meta.dirname, '../fixtures/topic-configs.txt'))
  })

  test('kafka-console-producer writes what kafka-console-consumer --partition reads', { timeout: 60_000 }, async () => {
    const topic = await newTopic('console')
    const reader = ['parse.key=true', 'key.separator=:', 'parse.headers=true'].flatMap((p) => ['--reader-property', p])
    const lines = 'h1:v1,h2:v2\tk1:one\nh3:\tk2:two\n'
    expect(await tools.run('kafka-console-producer', [...at(), '--topic', topic, ...reader], lines)).toEqual(ok(''))
    const plain = ['--topic', topic, '--sync', '--compression-codec', 'zstd']
    expect(await tools.run('kafka-console-producer', [...at(), ...plain], 'three\nfour\n')).toEqual(ok(''))
    const printed = ['key', 'offset', 'partition', 'headers'].flatMap((p) => [
      '--formatter-property',
      `print.${p}=true`,
    ])
    const from = ['--topic', topic, '--partition', '0', '--timeout-ms', '20000']
    expect(
      await tools.run('kafka-console-consumer', [
        ...at(),
        ...from,
        '--offset',
        'earliest',
        '--max-messages',
        '4',
        ...printed,
      ]),
    ).toEqual({
      code: 0,
      stdout:
        'Partition:0\tOffset:0\th1:v1,h2:v2\tk1\tone\nPartition:0\tOffset:1\th3:\tk2\ttwo\n' +
        'Partition:0\tOffset:2\tNO_HEADERS\tnull\tthree\nPartition:0\tOffset:3\tNO_HEADERS\tnull\tfour\n',
      stderr: 'Processed a total of 4 messages\n',
    })
    expect(
      await tools.run('kafka-console-consumer', [...at(), ...from, '--offset', '2', '--max-messages', '1']),
    ).toEqual({ code: 0, stdout: 'three\n', stderr: 'Processed a total of 1 messages\n' })
  })

  test('kafka-get-offsets and kafka-delete-records agree on where a log starts', { timeout: 60_000 }, async () => {
    const topic = await newTopic('offsets', 2)
    const where = [...at(), '--topic', topic]
    const offsets = async (...args: string[]) => await tools.run('kafka-get-offsets', [...where, ...args])
    const producer = [
      '--producer-property',
      'partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner',
    ]
    await tools.run('kafka-console-producer', [...where, '--sync', ...producer], 'a\nb\nc\nd\n')
    const [first, second] = (await offsets()).stdout
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(':')[2]))
    expect(first! + second!).toBe(4)
    const file = join(dir, 'delete.json')
    const asked = {
      version: 1,
      partitions: [
        { topic, partition: 0, offset: 1 },
        { topic, partition: 1, offset: -1 },
      ],
    }
    await writeFile(file, JSON.stringify(asked))
    const deleted = await tools.run('kafka-delete-records', [...at(), '--offset-json-file', file])
    // The tool prints partitions in no particular order.
    expect({ code: deleted.code, lines: deleted.stdout.trimEnd().split('\n').sort() }).toEqual({
      code: 0,
      lines: [
        'Executing records delete operation',
        'Records delete operation completed:',
        'partition: TOPIC-0\tlow_watermark: 1',
        `partition: TOPIC-1\tlow_watermark: ${second}`,
      ],
    })
    expect(await offsets('--time', 'earliest')).toEqual(ok(`TOPIC:0:1\nTOPIC:1:${second}\n`))
    expect(await offsets('--time', 'latest')).toEqual(ok(`TOPIC:0:${first}\nTOPIC:1:${second}\n`))
    await writeFile(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 0, offset: 99 }] }))
    expect((await tools.run('kafka-delete-records', [...at(), '--offset-json-file', file])).stdout).toContain(
      'error: org.apache.kafka.common.errors.OffsetOutOfRangeException',
    )
  })

  test('kafka-log-dirs tells the size of each partition to the byte', { timeout: 60_000 }, async () => {
    const topic = await newTopic('log-dirs', 2)
    await tools.run('kafka-console-producer', [...at(), '--topic', topic, '--sync'], 'sixteen letters!\n')
    const { code, stdout } = await tools.run('kafka-log-dirs', [...at(), '--describe', '--topic-list', topic])
    const json = stdout.split('\n')[2]!
    const { brokers, version } = JSON.parse(json) as {
      version: number
      brokers: { broker: number; logDirs: { error: unknown; logDir: string; partitions: { size: number }[] }[] }[]
    }
    const { partitions, ...logDir } = brokers[0]!.logDirs[0]!
    // A batch is 61 bytes and this record 23: its length, attributes, two deltas, no key, the value's length, the value, no headers.
    expect(partitions.map(({ size }) => size).sort()).toEqual([0, 84])
    expect({ code, version, broker: brokers[0]!.broker, error: logDir.error }).toEqual({
      code: 0,
      version: 1,
      broker: 1,
      error: null,
    })
  })

  test('kafka-broker-api-versions sees the versions that Kafka 4.4 serves', { timeout: 60_000 }, async () => {
    const { code, stdout } = await tools.run('kafka-broker-api-versions', at())
    const lines = stdout.split('\n').map((line) => line.trim().replace(/ \[usable.*/, ''))
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^BROKER \(id: 1 rack: null isFenced: false\) -> \($/)
    expect(lines.filter((line) => servedApis.includes(line))).toEqual(servedApis)
  })

  test('kafka-features, kafka-metadata-quorum and kafka-cluster describe a cluster of one', {
    timeout: 60_000,
  }, async () => {
    const features = await tools.run('kafka-features', [...at(), 'describe'])
    const levels = features.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').replace(/ Epoch.*/, ''))
    expect({ code: features.code, levels }).toEqual({
      code: 0,
      levels: [
        'Feature: eligible.leader.replicas.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1',
        'Feature: group.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1',
        'Feature: kraft.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 0',
        'Feature: metadata.version SupportedMinVersion: 3.3-IV3 SupportedMaxVersion: UNKNOWN 33 FinalizedVersionLevel: UNKNOWN 33',
        'Feature: share.version SupportedMinVersion: 0 SupportedMaxVersion: 2 FinalizedVersionLevel: 2',
        'Feature: streams.version SupportedMinVersion: 0 SupportedMaxVersion: 1 FinalizedVersionLevel: 1',
        'Feature: transaction.version SupportedMinVersion: 0 SupportedMaxVersion: 2 FinalizedVersionLevel: 2',
      ],
    })
    const status = await tools.run('kafka-metadata-quorum', [...at(), 'describe', '--status'])
    expect(status.stdout).toMatch(
      /^ClusterId: +[\w-]{22}\nLeaderId: +1\nLeaderEpoch: +\d+\nHighWatermark: +\d+\nMaxFollowerLag: +0\nMaxFollowerLagTimeMs: +0\nCurrentVoters: .*"id": 1.*\nCurrentObservers: +\[\]\n$/,
    )
    const replication = await tools.run('kafka-metadata-quorum', [...at(), 'describe', '--replication'])
    expect(replication.stdout).toMatch(/^NodeId\t.*\n1 +\t[\w-]{22}\t\d+ *\t0 +\t\d+ *\t\d+ *\tLeader *\t\n$/)
    const clusterId = await tools.run('kafka-cluster', ['cluster-id', ...at()])
    expect(clusterId).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Cluster ID: [\w-]{22}\n$/) })
    const endpoints = await tools.run('kafka-cluster', ['list-endpoints', ...at()])
    expect(endpoints.stdout).toMatch(/^ID .*\n1 +127\.0\.0\.1 \d+ +null +unfenced +broker +\n$/)
  })

  test('kafka-producer-perf-test and kafka-consumer-perf-test run to their end', {
    timeout: 60_000,
  }, async () => {
    const topic = await newTopic('perf', 3)
    const load = ['--topic', topic, '--num-records', '5000', '--record-size', '100', '--throughput', '-1']
    for (const acks of ['1', 'all']) {
      const produced = await tools.run('kafka-producer-perf-test', [
        ...load,
        ...at(),
        '--command-property',
        `acks=${acks}`,
      ])
      expect(produced).toMatchObject({ code: 0, stdout: expect.stringMatching(/^5000 records sent, .*\n$/) })
    }
    const consumed = await tools.run('kafka-consumer-perf-test', [...at(), '--topic', topic, '--num-records', '10000'])
    expect(consumed.code).toBe(0)
    expect(consumed.stdout.trimEnd().split('\n').at(-1)!.split(', ')[4]).toBe('10000')
  })
})

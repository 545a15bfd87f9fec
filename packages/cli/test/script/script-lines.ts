/** Where the page that the lines were taken from has its broker. */
export const pageAddress = 'localhost:9092'

const at = `--bootstrap-server ${pageAddress}`

/** A line of the page, as it stands there, and what comes of it. */
export interface ScriptLine {
  readonly line: string
  /** What is typed. */
  readonly input?: string
  /** The end of input or Ctrl-C, which the line does not have itself. */
  readonly until?: 'interrupted'
  /** The group that has to have committed before Ctrl-C, for a consumer that has nothing to show. */
  readonly groupId?: string
  readonly exitCode?: number
  /** Parts of standard output, in this order. */
  readonly shows: readonly string[]
}

/** Every line of the page, in its order. */
export const scriptLines: readonly ScriptLine[] = [
  { line: `kafka-topics ${at} --create --topic welcome-topic`, shows: ['Created topic welcome-topic.'] },
  {
    line: `kafka-topics ${at} --create --topic test_topic_02 --partitions 3`,
    shows: ['WARNING: Due to limitations in metric names', 'Created topic test_topic_02.'],
  },
  {
    line: `kafka-topics ${at} --create --topic topic-p3r3 --partitions 3 --replication-factor 3`,
    exitCode: 1,
    shows: ['Error while executing topic command : Unable to replicate the partition 3 time(s)'],
  },
  { line: `kafka-topics ${at} --list`, shows: ['test_topic_02', 'welcome-topic'] },
  {
    line: `kafka-topics ${at} --describe --topic test_topic_02`,
    shows: ['Topic: test_topic_02\t', 'PartitionCount: 3\tReplicationFactor: 1', 'Partition: 2\tLeader: '],
  },
  { line: `kafka-topics ${at} --delete --topic test_topic_02`, shows: [] },
  { line: `kafka-console-producer ${at} --topic test-topic`, input: 'hello\nworld\n', shows: [] },
  {
    line: `kafka-console-consumer ${at} --topic test-topic --from-beginning`,
    until: 'interrupted',
    shows: ['hello\nworld\n'],
  },
  {
    line: `kafka-console-producer ${at} --topic test-topic --property key.separator=: --property parse.key=true`,
    input: 'name:mosh\n',
    shows: [
      'Warning: --property is deprecated and will be removed in a future version. Use --reader-property instead.',
    ],
  },
  {
    line: `kafka-console-consumer ${at} --topic test-topic --property print.key=true --property print.value=true --from-beginning`,
    until: 'interrupted',
    shows: ['null\thello\nnull\tworld\nname\tmosh\n'],
  },
  {
    line: `kafka-topics ${at} --create --topic multipart-topic --partitions 1`,
    shows: ['Created topic multipart-topic.'],
  },
  { line: `kafka-console-producer ${at} --topic multipart-topic`, input: 'one\ntwo\n', shows: [] },
  {
    line: `kafka-console-consumer ${at} --topic multipart-topic --from-beginning --property print.partition=true`,
    until: 'interrupted',
    shows: ['Partition:0\tone\nPartition:0\ttwo\n'],
  },
  {
    line: `kafka-console-consumer ${at} --group group_01 --topic multipart-topic --property print.key=true --property print.value=true --property print.partition=true`,
    until: 'interrupted',
    groupId: 'group_01',
    shows: [],
  },
  { line: `kafka-consumer-groups ${at} --list`, shows: ['group_01'] },
  {
    line: `kafka-consumer-groups ${at} --describe --group group_01`,
    shows: ['GROUP', 'group_01', 'multipart-topic'],
  },
  {
    line: `kafka-consumer-groups ${at} --delete --group group_01`,
    shows: ["Deletion of requested consumer groups ('group_01') was successful."],
  },
]

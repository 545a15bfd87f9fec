import { flag, type OptionRow, option, text } from '../options/option-row.ts'

/** The options of `kafka-dump-log`, in Kafka's words. */
export const dumpLogOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  flag(
    'print-data-log',
    'If set, printing the messages content when dumping data logs. Automatically set if any decoder option is specified.',
  ),
  flag('verify-index-only', 'If set, just verify the index log without printing its content.'),
  flag(
    'index-sanity-check',
    'If set, just checks the index sanity without printing its content. This is the same check that is executed on broker startup to determine if an index needs rebuilding or not.',
  ),
  text('files', 'file1, file2, ...', 'REQUIRED: The comma separated list of data and index log files to be dumped.'),
  option(
    'max-message-size',
    { type: 'Integer', describedAs: 'size', defaults: ['5242880'] },
    'Size of largest message.',
  ),
  option(
    'max-bytes',
    { type: 'Integer', describedAs: 'size', defaults: ['2147483647'] },
    'Limit the amount of total batches read in bytes avoiding reading the whole .log file(s).',
  ),
  flag(
    'deep-iteration',
    'If set, uses deep instead of shallow iteration. Automatically set if print-data-log is enabled.',
  ),
  option(
    'value-decoder-class',
    { type: 'String', isOptional: true, defaults: ['org.apache.kafka.tools.api.StringDecoder'] },
    'If set, used to deserialize the messages. This class should implement org.apache.kafka.tools.api.Decoder trait. Custom jar should be available in kafka/libs directory.',
  ),
  option(
    'key-decoder-class',
    { type: 'String', isOptional: true, defaults: ['org.apache.kafka.tools.api.StringDecoder'] },
    'If set, used to deserialize the keys. This class should implement org.apache.kafka.tools.api.Decoder trait. Custom jar should be available in kafka/libs directory.',
  ),
  flag('offsets-decoder', 'If set, log data will be parsed as offset data from the __consumer_offsets topic.'),
  flag(
    'transaction-log-decoder',
    'If set, log data will be parsed as transaction metadata from the __transaction_state topic.',
  ),
  flag('cluster-metadata-decoder', 'If set, log data will be parsed as cluster metadata records.'),
  flag(
    'remote-log-metadata-decoder',
    'If set, log data will be parsed as TopicBasedRemoteLogMetadataManager (RLMM) metadata records. Instead, the value-decoder-class option can be used if a custom RLMM implementation is configured.',
  ),
  flag(
    'share-group-state-decoder',
    'If set, log data will be parsed as share group state data from the __share_group_state topic.',
  ),
  flag('skip-record-metadata', 'Skip metadata when printing records. This flag also skips control records.'),
]

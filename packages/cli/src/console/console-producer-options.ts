import { flag, type OptionRow, option, text } from '../options/option-row.ts'

/** The options of `kafka-console-producer`, in Kafka's words. */
export const consoleProducerOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  text('topic', 'topic', 'REQUIRED: The topic name to produce messages to.'),
  text(
    'bootstrap-server',
    'server to connect to',
    'REQUIRED: The server(s) to connect to. The broker list string in the form HOST1:PORT1,HOST2:PORT2.',
  ),
  flag('sync', 'If set message send requests to the brokers are synchronously, one at a time as they arrive.'),
  option(
    'compression-codec',
    { type: 'String', describedAs: 'compression-codec', isOptional: true },
    "The compression codec: either 'none', 'gzip', 'snappy', 'lz4', or 'zstd'.If specified without value, then it defaults to 'gzip'",
  ),
  option(
    'batch-size',
    { type: 'Integer', describedAs: 'size', defaults: ['16384'] },
    'The buffer size in bytes allocated for a partition. When records are received which are smaller than this size the producer will attempt to optimistically group them together until this size is reached. This is the option to control batch.size in producer configs. Please note that this option will be replaced if max-partition-memory-bytes is also set.',
  ),
  option(
    'message-send-max-retries',
    { type: 'Integer', defaults: ['3'] },
    'Brokers can fail receiving the message for multiple reasons, and being unavailable transiently is just one of them. This property specifies the number of retries before the producer give up and drop this message. This is the option to control `retries` in producer configs.',
  ),
  option(
    'retry-backoff-ms',
    { type: 'Long', defaults: ['100'] },
    'Before each retry, the producer refreshes the metadata of relevant topics. Since leader election takes a bit of time, this property specifies the amount of time that the producer waits before refreshing the metadata. This is the option to control `retry.backoff.ms` in producer configs.',
  ),
  option(
    'timeout',
    { type: 'Long', describedAs: 'timeout_ms', defaults: ['1000'] },
    'If set and the producer is running in asynchronous mode, this gives the maximum amount of time a message will queue awaiting sufficient batch size. The value is given in ms. This is the option to control `linger.ms` in producer configs.',
  ),
  option(
    'request-required-acks',
    { type: 'String', describedAs: 'request required acks', defaults: ['-1'] },
    'The required `acks` of the producer requests',
  ),
  option(
    'request-timeout-ms',
    { type: 'Integer', describedAs: 'request timeout ms', defaults: ['1500'] },
    'The ack timeout of the producer requests. Value must be non-negative and non-zero.',
  ),
  option(
    'metadata-expiry-ms',
    { type: 'Long', describedAs: 'metadata expiration interval', defaults: ['300000'] },
    "The period of time in milliseconds after which we force a refresh of metadata even if we haven't seen any leadership changes. This is the option to control `metadata.max.age.ms` in producer configs.",
  ),
  option(
    'max-block-ms',
    { type: 'Long', describedAs: 'max block on send', defaults: ['60000'] },
    'The max time that the producer will block for during a send request.',
  ),
  option(
    'max-memory-bytes',
    { type: 'Long', describedAs: 'total memory in bytes', defaults: ['33554432'] },
    'The total memory used by the producer to buffer records waiting to be sent to the server. This is the option to control `buffer.memory` in producer configs.',
  ),
  option(
    'max-partition-memory-bytes',
    { type: 'Integer', describedAs: 'memory in bytes per partition', defaults: ['16384'] },
    '(Deprecated) The buffer size in bytes allocated for a partition. When records are received which are smaller than this size the producer will attempt to optimistically group them together until this size is reached. This is the option to control batch.size in producer configs. This option will be removed in Apache Kafka 5.0. Use --batch-size instead.',
  ),
  option(
    'line-reader',
    { type: 'String', describedAs: 'reader_class', defaults: ['org.apache.kafka.tools.LineMessageReader'] },
    'The class name of the class to use for reading lines from standard in. By default each line is read as a separate message.',
  ),
  option(
    'socket-buffer-size',
    { type: 'Integer', describedAs: 'size', defaults: ['102400'] },
    'The size of the tcp RECV size. This is the option to control `send.buffer.bytes` in producer configs.',
  ),
  text(
    'property',
    'prop',
    '(DEPRECATED) A mechanism to pass user-defined properties in the form key=value to the message reader. This allows custom configuration for a user-defined message reader.\nDefault properties include:\n parse.key=false\n parse.headers=false\n ignore.error=false\n key.separator=\\t\n headers.delimiter=\\t\n headers.separator=,\n headers.key.separator=:\n null.marker=   When set, any fields (key, value and headers) equal to this will be replaced by null\nDefault parsing pattern when:\n parse.headers=true and parse.key=true:\n  "h1:v1,h2:v2...\\tkey\\tvalue"\n parse.key=true:\n  "key\\tvalue"\n parse.headers=true:\n  "h1:v1,h2:v2...\\tvalue"\n This option will be removed in a future version. Use --reader-property instead.',
  ),
  text(
    'reader-property',
    'prop',
    'A mechanism to pass user-defined properties in the form key=value to the message reader. This allows custom configuration for a user-defined message reader.\nDefault properties include:\n parse.key=false\n parse.headers=false\n ignore.error=false\n key.separator=\\t\n headers.delimiter=\\t\n headers.separator=,\n headers.key.separator=:\n null.marker=   When set, any fields (key, value and headers) equal to this will be replaced by null\nDefault parsing pattern when:\n parse.headers=true and parse.key=true:\n  "h1:v1,h2:v2...\\tkey\\tvalue"\n parse.key=true:\n  "key\\tvalue"\n parse.headers=true:\n  "h1:v1,h2:v2...\\tvalue"',
  ),
  text(
    'reader-config',
    'config file',
    'Config properties file for the message reader. Note that [reader-property] takes precedence over this config.',
  ),
  text(
    'producer-property',
    'producer_prop',
    '(DEPRECATED) Producer config properties in the form key=value. This option will be removed in a future version. Use --command-property instead.',
  ),
  text('command-property', 'producer_prop', 'Producer config properties in the form key=value.'),
  text(
    'producer.config',
    'config file',
    '(DEPRECATED) Producer config properties file. Note that [command-property] takes precedence over this config. This option will be removed in a future version. Use --command-config instead.',
  ),
  text(
    'command-config',
    'config file',
    'Producer config properties file. Note that [command-property] takes precedence over this config.',
  ),
]

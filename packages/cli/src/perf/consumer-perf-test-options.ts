import { flag, type OptionRow, option, text } from '../options/option-row.ts'

/** The options of `kafka-consumer-perf-test`, in Kafka's words. */
export const consumerPerfTestOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  text('bootstrap-server', 'server to connect to', 'REQUIRED: The server(s) to connect to.'),
  text('topic', 'topic', 'The topic to consume from.'),
  text('include', 'Java regex (String)', 'Regular expression specifying list of topics to include for consumption.'),
  option(
    'group',
    { type: 'String', describedAs: 'gid', defaults: ['perf-consumer-75018'] },
    'The group id to consume on.',
  ),
  option(
    'fetch-size',
    { type: 'Integer', describedAs: 'size', defaults: ['1048576'] },
    'The maximum amount of data to fetch from a single partition per request.',
  ),
  text(
    'command-property',
    'prop1=val1',
    'Kafka consumer related configuration properties like client.id. These configs take precedence over those passed via --command-config or --consumer.config.',
  ),
  flag(
    'from-latest',
    'If the consumer does not already have an established offset to consume from, start with the latest record present in the log rather than the earliest record.',
  ),
  option(
    'socket-buffer-size',
    { type: 'Integer', describedAs: 'size', defaults: ['2097152'] },
    'The size of the tcp RECV size.',
  ),
  text(
    'consumer.config',
    'config file',
    '(DEPRECATED) Consumer config properties file. This option will be removed in a future version. Use --command-config instead.',
  ),
  text('command-config', 'config file', 'Config properties file.'),
  flag('print-metrics', 'Print out the metrics.'),
  flag(
    'show-detailed-stats',
    'If set, stats are reported for each reporting interval as configured by reporting-interval.',
  ),
  option(
    'timeout',
    { type: 'Long', describedAs: 'milliseconds', isOptional: true, defaults: ['10000'] },
    'The maximum allowed time in milliseconds between returned records.',
  ),
  option(
    'messages',
    { type: 'Long', describedAs: 'count' },
    '(DEPRECATED) The number of records to consume. This option will be removed in a future version. Use --num-records instead.',
  ),
  option('num-records', { type: 'Long', describedAs: 'count' }, 'REQUIRED: The number of records to consume.'),
  option(
    'reporting-interval',
    { type: 'Long', describedAs: 'interval_ms', defaults: ['5000'] },
    'Interval in milliseconds at which to print progress info.',
  ),
  option(
    'date-format',
    { type: 'String', describedAs: 'date format', defaults: ['yyyy-MM-dd HH:mm:ss:SSS'] },
    'The date format to use for formatting the time field. See java.text.SimpleDateFormat for options.',
  ),
  flag('hide-header', 'If set, skips printing the header for the stats.'),
]

import { flag, type OptionRow, option, text } from '../options/option-row.ts'

/** The options of `kafka-log-dirs`, in Kafka's words. */
export const logDirsOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  text(
    'bootstrap-server',
    'The server(s) to use for bootstrapping',
    'REQUIRED: the server(s) to use for bootstrapping',
  ),
  text(
    'command-config',
    'Admin client property file',
    'Property file containing configs to be passed to Admin Client.',
  ),
  flag('describe', 'Describe the specified log directories on the specified brokers.'),
  option(
    'topic-list',
    { type: 'String', describedAs: 'Topic list', defaults: [''] },
    'The list of topics to be queried in the form "topic1,topic2,topic3". All topics will be queried if no topic list is specified',
  ),
  option(
    'broker-list',
    { type: 'String', describedAs: 'Broker list', defaults: [''] },
    'The list of brokers to be queried in the form "0,1,2". All brokers in the cluster will be queried if no broker list is specified',
  ),
]

import { flag, type OptionRow, text } from '../options/option-row.ts'

/** The options of `kafka-delete-records`, in Kafka's words. */
export const deleteRecordsOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  text('bootstrap-server', 'server(s) to use for bootstrapping', 'REQUIRED: The server to connect to.'),
  text(
    'offset-json-file',
    'Offset json file path',
    'REQUIRED: The JSON file with offset per partition. The format to use is:\n{"partitions":\n  [{"topic": "foo", "partition": 1, "offset": 1}],\n "version":1\n}',
  ),
  text(
    'command-config',
    'command config property file path',
    'A property file containing configs to be passed to Admin Client.',
  ),
]

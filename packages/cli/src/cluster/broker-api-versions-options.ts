import { flag, type OptionRow, text } from '../options/option-row.ts'

/** The options of `kafka-broker-api-versions`, in Kafka's words. */
export const brokerApiVersionsOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  text(
    'command-config',
    'command config property file',
    'A property file containing configs to be passed to Admin Client.',
  ),
  text('bootstrap-server', 'server(s) to use for bootstrapping', 'REQUIRED: The server to connect to.'),
]

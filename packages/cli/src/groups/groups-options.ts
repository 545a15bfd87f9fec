import { flag, type OptionRow, text } from '../options/option-row.ts'

/** The options of `kafka-groups`, in Kafka's words. */
export const groupsOptions: readonly OptionRow[] = [
  flag('help', 'Print usage information.'),
  flag('version', 'Display Kafka version.'),
  {
    ...text('bootstrap-server', 'server to connect to', 'REQUIRED: The Kafka server to connect to.'),
    isRequired: true,
  },
  text(
    'command-config',
    'command config property file',
    'Property file containing configs to be passed to Admin Client.',
  ),
  flag('list', 'List the groups.'),
  text(
    'group-type',
    'type',
    "Filter the groups based on group type. Valid types are: 'classic', 'consumer', 'share' and 'streams'.",
  ),
  text('protocol', 'protocol', 'Filter the groups based on protocol type.'),
  flag(
    'consumer',
    "Filter the groups to show all kinds of consumer groups, including classic and simple consumer groups. This matches group type 'consumer', and group type 'classic' where the protocol type is 'consumer' or empty.",
  ),
  flag('share', 'Filter the groups to show share groups.'),
  flag('streams', 'Filter the groups to show streams groups.'),
]

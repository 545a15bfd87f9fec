import { boolean, clientConfigs, int, long, row, securityConfigs } from '@odradek/client'

const { 'client.rack': _clientRack, ...sharedConfigs } = clientConfigs

const servers = { ...clientConfigs['bootstrap.servers'], required: false, default: [] as readonly string[] }

/** Every config of Kafka's admin client, by its dotted name. */
export const adminConfigs = {
  ...sharedConfigs,
  'bootstrap.servers': row({
    ...servers,
    doc: 'Where to begin: `host:port` of one or more brokers, as a list or separated by commas. This or `bootstrapControllers` has to be given.',
  }),
  'bootstrap.controllers': row({
    ...servers,
    doc: 'Where to begin when the controllers are to be asked instead of the brokers: `host:port` of one or more (KIP-919).',
  }),
  'connections.max.idle.ms': long(300_000, 'Connections that were not used for so long are closed.', {
    importance: 'medium',
  }),
  'default.api.timeout.ms': int(
    60_000,
    'Upper bound of a call, retries included, that has no `timeoutMs` of its own.',
    {
      min: 0,
      importance: 'medium',
    },
  ),
  'enable.metrics.push': boolean(false, 'Whether the metrics that the cluster asks for are pushed to it (KIP-714).'),
  retries: int(2_147_483_647, 'How often a request is sent again; `defaultApiTimeoutMs` is the better bound.', {
    min: 0,
  }),
  ...securityConfigs,
}

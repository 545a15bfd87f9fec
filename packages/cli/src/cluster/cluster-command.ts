import type { Admin, ClusterNode } from '@odradek/admin'
import { KafkaError } from '@odradek/client'
import { type ArgparseSpec, type ParsedArguments, parseArguments } from '../argparse/argument-parser.ts'
import { connectWithArguments } from '../argparse/connect-admin.ts'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { clusterHelp } from './cluster-help.ts'
import { clusterSubcommandHelp } from './cluster-subcommand-help.ts'

/** `kafka-cluster`: the id of a cluster, its endpoints, and the end of a broker's registration. */
export const clusterCommand: Command = {
  name: 'kafka-cluster',
  summary: 'Tell the id and the endpoints of a cluster, and unregister brokers',
  examples: [
    'kafka-cluster cluster-id --bootstrap-server localhost:9092',
    'kafka-cluster list-endpoints --bootstrap-server localhost:9092',
  ],
  async run(args, io) {
    const given = parseArguments(clusterSpec(), args)
    if (given.has('config')) {
      await io.out(
        'Option --config has been deprecated and will be removed in a future version. Use --command-config instead.\n',
      )
    }
    try {
      await using admin = await connectWithArguments(given, io)
      await work[given.command as Subcommand](admin, given, io)
      return 0
    } catch (error) {
      io.err(`${executionMessage(error)}\n`)
      return 1
    }
  },
}

const work = { 'cluster-id': tellClusterId, unregister: unregisterBroker, 'list-endpoints': listEndpoints } as const

type Subcommand = keyof typeof work

async function tellClusterId(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const { clusterId } = await admin.describeCluster()
  await io.out(given.has('json') ? `${JSON.stringify({ clusterId }, null, 2)}\n` : `Cluster ID: ${clusterId}\n`)
}

async function unregisterBroker(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const id = Number(given.value('id'))
  try {
    await admin.unregisterBroker(id)
    await io.out(`Broker ${id} is no longer registered.\n`)
  } catch (error) {
    if (!(error instanceof KafkaError) || error.code !== 'UNSUPPORTED_VERSION') throw error
    await io.out('The target cluster does not support the broker unregistration API.\n')
  }
}

async function listEndpoints(admin: Admin, given: ParsedArguments, io: CommandIo): Promise<void> {
  const includeFencedBrokers = given.has('include-fenced-brokers')
  const ofControllers = given.has('bootstrap-controller')
  if (ofControllers && includeFencedBrokers) {
    throw new Error('The option --include-fenced-brokers is only supported with --bootstrap-server option')
  }
  const { nodes } = await admin.describeCluster({ includeFencedBrokers })
  if (given.has('json')) {
    await io.out(`${JSON.stringify(nodes, null, 2)}\n`)
    return
  }
  const hostWidth = nodes.length === 0 ? 100 : Math.max(...nodes.map(({ host }) => host.length))
  const racks = nodes.flatMap(({ rack }) => rack ?? [])
  const rackWidth = racks.length === 0 ? 10 : Math.max(...racks.map((rack) => rack.length))
  const line = (cells: readonly string[]) => {
    const [id, host, port, rack, state, type] = cells as [string, string, string, string, string, string]
    const fields = [id.padEnd(10), host.padEnd(hostWidth), port.padEnd(10), rack.padEnd(rackWidth)]
    return `${[...fields, ...(ofControllers ? [] : [state.padEnd(10)]), type.padEnd(15)].join(' ')}\n`
  }
  const row = ({ nodeId, host, port, rack, isFenced }: ClusterNode) => {
    const kind = ofControllers ? 'controller' : 'broker'
    return line([String(nodeId), host, String(port), String(rack), isFenced ? 'fenced' : 'unfenced', kind])
  }
  const titles = line(['ID', 'HOST', 'PORT', 'RACK', 'STATE', 'ENDPOINT_TYPE'])
  await io.out([titles, ...nodes.map(row)].join(''))
}

function clusterSpec(): ArgparseSpec {
  const shared: ArgparseSpec = {
    program: 'kafka-cluster',
    help: clusterSubcommandHelp['cluster-id'],
    helpExitCode: 1,
    options: [
      { names: ['--bootstrap-server', '-b'], kind: 'text' },
      { names: ['--bootstrap-controller', '-C'], kind: 'text' },
      { names: ['--config'], kind: 'text' },
      { names: ['--command-config', '-c'], kind: 'text' },
      { names: ['--json'], kind: 'flag' },
    ],
    exclusive: { names: ['--bootstrap-server', '--bootstrap-controller'], isRequired: true },
  }
  const withOption = (name: Subcommand, option: ArgparseSpec['options'][number]): ArgparseSpec => {
    return { ...shared, help: clusterSubcommandHelp[name], options: [...shared.options, option] }
  }
  return {
    program: 'kafka-cluster',
    help: clusterHelp,
    helpExitCode: 1,
    options: [],
    subcommands: {
      'cluster-id': shared,
      unregister: withOption('unregister', { names: ['--id', '-i'], kind: 'integer', isRequired: true }),
      'list-endpoints': withOption('list-endpoints', { names: ['--include-fenced-brokers'], kind: 'flag' }),
    },
  }
}

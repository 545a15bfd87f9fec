/** `kafka-server-start server.properties [--override property=value]*` */
import { ConfigError } from '@odradek/broker-core/config'
import { MetaPropertiesError } from '@odradek/log'
import { type Logger, type Storage, StorageError, TransportError } from '@odradek/runtime'
import type { CommandOutput } from './command-line.ts'
import { processLogger } from './logs.ts'
import { propertiesText } from './properties-file.ts'
import { readServerProperties, type ServerProperties, ServerPropertiesError } from './server-properties.ts'
import { startServer } from './start-server.ts'

const usage = 'USAGE: kafka-server-start server.properties [--override property=value]*'
const options = [
  '',
  'Option                     Description',
  '------                     -----------',
  '--override <property=value>  A config that wins over the one in server.properties; may be repeated.',
  '--version                  Print the version and exit.',
  '--help                     Print this and exit.',
]

/** What was asked for on the command line. */
export type ServerStartArguments =
  | { readonly kind: 'start'; readonly path: string; readonly overrides: readonly string[] }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'error'; readonly message: string }

/** Reads the arguments that follow the command's name. */
export function parseServerStartArguments(args: readonly string[]): ServerStartArguments {
  const overrides: string[] = []
  const paths: string[] = []
  const left = [...args]
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (arg === '--help' || arg === '-h') return { kind: 'help' }
    if (arg === '--version') return { kind: 'version' }
    if (arg === '--override') {
      const override = left.shift()
      if (override === undefined) return { kind: 'error', message: 'Option override requires an argument' }
      overrides.push(override)
    } else if (arg.startsWith('--override=')) overrides.push(arg.slice('--override='.length))
    else if (arg === '-daemon')
      return { kind: 'error', message: '-daemon is not offered: let a supervisor such as systemd run the process' }
    else if (arg.startsWith('-')) return { kind: 'error', message: `${arg} is not a recognized option` }
    else paths.push(arg)
  }
  const [path, ...others] = paths
  if (path === undefined) return { kind: 'error', message: 'Missing the configuration file' }
  if (others.length > 0) return { kind: 'error', message: `Found non argument parameters: ${others.join(',')}` }
  return { kind: 'start', path, overrides }
}

/** What the command works with. */
export interface ServerStartContext extends CommandOutput {
  readonly storage: Storage
  readonly version: string
  /** True when somebody reads standard error on a terminal. */
  readonly isTerminal: boolean
  /** Resolves with a signal's name when the process is asked to end. */
  readonly stopped: Promise<string>
}

/** Runs a node until it is asked to end. Resolves with the exit code. */
export async function runServerStart(args: readonly string[], context: ServerStartContext): Promise<number> {
  const asked = parseServerStartArguments(args)
  switch (asked.kind) {
    case 'help':
      for (const line of [usage, ...options]) context.out(line)
      return 0
    case 'version':
      context.out(context.version)
      return 0
    case 'error':
      for (const line of [asked.message, usage]) context.err(line)
      return 1
    case 'start':
      return start(asked, context)
  }
}

async function start(
  { path, overrides }: { readonly path: string; readonly overrides: readonly string[] },
  context: ServerStartContext,
): Promise<number> {
  try {
    const text = propertiesText(context.storage.readFile(path))
    const properties = readServerProperties({ path, text, overrides })
    const logger = processLogger({ ...properties.own, isTerminal: context.isTerminal })
    tellOddities(properties, logger)
    return await serve(properties, { ...context, logger })
  } catch (error) {
    if (!isExpected(error)) throw error
    context.err(error instanceof ConfigError ? `${path}: ${error.message}` : error.message)
    return 1
  }
}

async function serve(
  properties: ServerProperties,
  { logger, stopped, out }: ServerStartContext & { readonly logger: Logger },
): Promise<number> {
  const server = await startServer(properties, { logger })
  const { nodeId } = properties.config
  logger.info('Kafka Server started', {
    nodeId,
    bootstrapServers: server.bootstrapServers,
    ...(server.metrics === undefined
      ? {}
      : { metrics: `http://${server.metrics.host}:${server.metrics.port}/metrics` }),
  })
  for (const line of invitation(server.bootstrapServers)) out(line)
  const signal = await stopped
  logger.info('Shutting down', { nodeId, signal })
  await server.close()
  logger.info('Shut down completed', { nodeId })
  return 0
}

/** The address for clients, and three commands of Kafka's that work at once. */
function invitation(bootstrapServers: string): string[] {
  const at = `--bootstrap-server ${bootstrapServers}`
  return [
    `Kafka is listening on ${bootstrapServers}. Try:`,
    `  kafka-topics ${at} --create --topic first --partitions 3`,
    `  kafka-console-producer ${at} --topic first`,
    `  kafka-console-consumer ${at} --topic first --from-beginning`,
  ]
}

function tellOddities({ warnings, ignored }: ServerProperties, logger: Logger): void {
  for (const warning of warnings) logger.warn(warning)
  if (ignored.length > 0) logger.info('These configs are valid and have no effect in this broker', { configs: ignored })
}

/** What can go wrong without being a bug; a message says it all. */
function isExpected(error: unknown): error is Error {
  return [ServerPropertiesError, ConfigError, StorageError, TransportError, MetaPropertiesError].some(
    (kind) => error instanceof kind,
  )
}

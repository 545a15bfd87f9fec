/**
 * `kafka-storage format`: `meta.properties` in every log directory, and in the one of the metadata log the snapshot a new
 * cluster starts from. Apache Kafka 4.4 starts on the result.
 */
import type { BrokerConfig, NodeListeners } from '@odradek/broker-core/config'
import { writeMetaProperties } from '@odradek/log'
import { encode, randomUuid } from '@odradek/protocol'
import { kRaftVersionRecord, votersRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { controlRecordKey, encodeSnapshot, snapshotFileName } from '@odradek/quorum'
import type { Clock, Random, Storage } from '@odradek/runtime'
import { type DynamicVoter, parseDynamicVoters } from './dynamic-voters.ts'
import { metadataVersionName, scramSince } from './feature-versions.ts'
import { featureRecords, type InitialFeatures, initialFeaturesOf, type RequestedFeatures } from './initial-features.ts'
import { directoriesOf, metadataDirectoryOf, stateOf } from './log-directories.ts'
import { scramRecordOf } from './scram-credential.ts'
import { StorageFailure } from './storage-failure.ts'

/** How the quorum of a new cluster begins (KIP-853). */
export type InitialQuorum =
  | { readonly kind: 'static' }
  | { readonly kind: 'standalone' }
  | { readonly kind: 'no-initial-controllers' }
  /** `id@host:port:directory`, comma separated. */
  | { readonly kind: 'initial-controllers'; readonly controllers: string }

/** What to format. */
export interface FormatRequest extends RequestedFeatures {
  readonly clusterId: string
  readonly quorum: InitialQuorum
  /** Pass over directories that are formatted, rather than fail. */
  readonly ignoreFormatted: boolean
  /** Every --add-scram. */
  readonly scram: readonly string[]
}

/** What formatting needs of the node and the world. */
export interface FormatContext {
  readonly config: BrokerConfig
  readonly listeners: NodeListeners
  readonly storage: Storage
  readonly random: Random
  readonly clock: Pick<Clock, 'now'>
  /** Takes each line as soon as it is true. */
  out(line: string): void
}

/** Formats the directories of a node. Throws StorageFailure and leaves formatted directories as they are. */
export function formatStorage(request: FormatRequest, context: FormatContext): void {
  checkQuorum(request.quorum, context.config)
  const directories = directoriesOf(context.config)
  const metadataDirectory = metadataDirectoryOf(context.config)
  const directoryIds = new Map(
    directories.map((directory) => [directory, randomUuid((length) => context.random.nextBytes(length))]),
  )
  const voters = votersOf(request.quorum, directoryIds.get(metadataDirectory)!, context)
  const features = initialFeaturesOf(request)
  const kraftVersion = kraftVersionOf(features, request.quorum)
  const records = [...featureRecords(features), ...scramRecords(request, features, context)]
  const empty = emptyDirectories(request, directories, context)
  if (empty.length === 0) {
    context.out('All of the log directories are already formatted.')
    return
  }
  context.out(`Bootstrap metadata: ${bootstrapText(records, features)}`)
  const own = voters?.find((voter) => voter.id === context.config.nodeId)
  if (own !== undefined) directoryIds.set(metadataDirectory, own.directoryId)
  // The metadata log comes last: while it is missing, a directory that was cut short is not taken for a whole one.
  for (const directory of [...empty].sort((a) => (a === metadataDirectory ? 1 : -1))) {
    const isMetadata = directory === metadataDirectory
    const kind = isMetadata ? metadataKind(voters, own) : 'data directory'
    context.out(
      `Formatting ${kind} ${directory} with metadata.version ${metadataVersionName(features.metadataVersion)}.`,
    )
    context.storage.makeDirectory(directory)
    if (isMetadata && context.config.processRoles.includes('controller'))
      writeBootstrapSnapshot(directory, { records, kraftVersion, voters }, context)
    writeMetaProperties(context.storage, directory, {
      clusterId: request.clusterId,
      nodeId: context.config.nodeId,
      directoryId: directoryIds.get(directory)!,
    })
  }
}

function checkQuorum(quorum: InitialQuorum, config: BrokerConfig): void {
  const hasStaticVoters = config.controllerQuorumVoters.length > 0
  const isController = config.processRoles.includes('controller')
  if (hasStaticVoters && (quorum.kind === 'standalone' || quorum.kind === 'initial-controllers'))
    throw new StorageFailure(
      'You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. If you want to use dynamic quorum, please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.',
    )
  if (quorum.kind === 'standalone' && !isController)
    throw new StorageFailure('You can only use --standalone on a controller.')
  if (quorum.kind === 'static' && !hasStaticVoters && isController)
    throw new StorageFailure(
      'Because controller.quorum.voters is not set on this controller, you must specify one of the following: --standalone, --initial-controllers, or --no-initial-controllers.',
    )
}

/** The voters to write into the snapshot; undefined when they are static or not yet known. */
function votersOf(
  quorum: InitialQuorum,
  directoryId: string,
  { config, listeners }: FormatContext,
): readonly DynamicVoter[] | undefined {
  if (quorum.kind === 'initial-controllers') return parseDynamicVoters(quorum.controllers)
  if (quorum.kind !== 'standalone') return undefined
  const listener = listeners.advertisedController[0] ?? listeners.controller[0]
  if (listener === undefined) throw new StorageFailure('No controller listeners found.')
  return [{ id: config.nodeId, host: listener.host ?? 'localhost', port: listener.port, directoryId }]
}

function kraftVersionOf({ kraftVersion }: InitialFeatures, quorum: InitialQuorum): number {
  const isDynamic = quorum.kind !== 'static'
  const flags =
    'unless controller.quorum.voters is empty and one of the flags --standalone, --initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try using one of --standalone, --initial-controllers, or --no-initial-controllers and removing controller.quorum.voters.'
  if (isDynamic && kraftVersion === 0)
    throw new StorageFailure(
      'Cannot set kraft.version to 0 if controller.quorum.voters is empty and one of the flags --standalone, --initial-controllers, or --no-initial-controllers is used. For dynamic controllers support, try removing the --feature flag for kraft.version.',
    )
  if (!isDynamic && (kraftVersion ?? 0) > 0)
    throw new StorageFailure(`Cannot set kraft.version to ${kraftVersion} ${flags}`)
  return isDynamic ? 1 : 0
}

function scramRecords(request: FormatRequest, features: InitialFeatures, context: FormatContext): MetadataRecord[] {
  const records = request.scram.map((text) => scramRecordOf(text, context.random))
  if (records.length > 0 && features.metadataVersion < scramSince)
    throw new StorageFailure(`SCRAM is only supported in metadata.version ${metadataVersionName(scramSince)} or later.`)
  return records
}

function emptyDirectories(
  request: FormatRequest,
  directories: readonly string[],
  { storage, config, out }: FormatContext,
): string[] {
  const empty: string[] = []
  const formatted: string[] = []
  for (const directory of directories) {
    const state = stateOf(storage, directory)
    if (state.kind === 'formatted') {
      checkOwner(`${directory}/meta.properties`, state.properties, { ...request, nodeId: config.nodeId })
      formatted.push(directory)
    } else if (state.kind === 'missing' || state.kind === 'empty') empty.push(directory)
    else out(`I/O error trying to read log directory ${directory}. Ignoring...`)
  }
  if (empty.length + formatted.length === 0) throw new StorageFailure('No available log directories to format.')
  if (formatted.length > 0 && !request.ignoreFormatted)
    throw new StorageFailure(
      `Log directory ${formatted.at(-1)} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
    )
  return empty
}

function checkOwner(
  path: string,
  properties: ReadonlyMap<string, string>,
  expected: { readonly clusterId: string; readonly nodeId: number },
): void {
  const clusterId = properties.get('cluster.id')
  if (clusterId !== expected.clusterId)
    throw new StorageFailure(`Invalid cluster.id in: ${path}. Expected ${expected.clusterId}, but read ${clusterId}`)
  const nodeId = properties.get('node.id')
  if (nodeId !== String(expected.nodeId))
    throw new StorageFailure(
      `Stored node id ${nodeId} doesn't match previous node id ${expected.nodeId} in ${path}. If you moved your data, make sure your configured node id matches. If you intend to create a new node, you should remove all data in your data directories.`,
    )
}

function metadataKind(voters: readonly DynamicVoter[] | undefined, own: DynamicVoter | undefined): string {
  if (voters === undefined) return 'metadata directory'
  return own === undefined ? 'dynamic metadata directory' : 'dynamic metadata voter directory'
}

function writeBootstrapSnapshot(
  directory: string,
  content: {
    readonly records: readonly MetadataRecord[]
    readonly kraftVersion: number
    readonly voters: readonly DynamicVoter[] | undefined
  },
  context: FormatContext,
): void {
  const { storage, clock, listeners } = context
  const name = listeners.controller[0]?.name ?? ''
  const timestampMs = clock.now()
  const chunks = encodeSnapshot(content.records, {
    epoch: 0,
    timestampMs,
    lastContainedLogTimestamp: timestampMs,
    quorumRecords: [
      ...(content.kraftVersion > 0 ? [kraftVersionControlRecord(content.kraftVersion)] : []),
      ...(content.voters === undefined ? [] : [votersControlRecord(content.voters, name)]),
    ],
  })
  const metadataLog = `${directory}/__cluster_metadata-0`
  storage.makeDirectory(metadataLog)
  storage.writeFile(
    `${metadataLog}/${snapshotFileName({ endOffset: 0, epoch: 0 })}`,
    new Uint8Array(Buffer.concat(chunks)),
  )
}

function kraftVersionControlRecord(kRaftVersion: number): { readonly key: Uint8Array; readonly value: Uint8Array } {
  return {
    key: controlRecordKey('KRaftVersion'),
    value: encode(kRaftVersionRecord, { version: 0, kRaftVersion }, 0),
  }
}

function votersControlRecord(
  voters: readonly DynamicVoter[],
  listenerName: string,
): { readonly key: Uint8Array; readonly value: Uint8Array } {
  const record = {
    version: 0,
    voters: voters.map((voter) => ({
      voterId: voter.id,
      voterDirectoryId: voter.directoryId,
      endpoints: [{ name: listenerName, host: voter.host, port: voter.port }],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    })),
  }
  return { key: controlRecordKey('KRaftVoters'), value: encode(votersRecord, record, 0) }
}

/** Kafka's own rendering of the records, which scripts are known to look at. */
function bootstrapText(records: readonly MetadataRecord[], features: InitialFeatures): string {
  const texts = records.map((entry) => `ApiMessageAndVersion(${recordText(entry)} at version ${entry.version})`)
  return `BootstrapMetadata(records=[${texts.join(', ')}], metadataVersionLevel=${features.metadataVersion}, source=format command)`
}

function recordText({ type, record }: MetadataRecord): string {
  const fields = Object.entries(record)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, value]) => `${name}=${fieldText(value)}`)
  return `${type}(${fields.join(', ')})`
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (value instanceof Uint8Array)
    return `[${[...new Int8Array(value.buffer, value.byteOffset, value.length)].join(', ')}]`
  return String(value)
}

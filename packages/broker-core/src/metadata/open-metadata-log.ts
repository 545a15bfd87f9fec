import type { PartitionLog } from '@odradek/log'
import { decode } from '@odradek/protocol'
import { kRaftVersionRecord, votersRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import {
  type ControlRecord,
  controlRecordTypeOf,
  type ElectionState,
  initialState,
  type KraftVersion,
  MetadataImage,
  parseSnapshotFileName,
  type RaftState,
  type ReadMetadataBatch,
  readMetadataBatches,
  readQuorumState,
  type SnapshotId,
  snapshotFileName,
  type Voter,
} from '@odradek/quorum'
import type { MetadataLogOptions } from './metadata-log-options.ts'

/** What a start finds in the directory of the metadata log. */
export interface LoadedMetadata {
  readonly log: PartitionLog
  /** What the newest snapshot says; the log from `appliedOffset` on is applied once it is known to be committed. */
  readonly image: MetadataImage
  readonly appliedOffset: number
  readonly raft: RaftState
  readonly voters: readonly Voter[]
  readonly kraftVersion: KraftVersion
  /** KRaftVersion and KRaftVoters of a dynamic quorum (KIP-853), which each snapshot and the first batch repeat. */
  readonly quorumRecords: readonly ControlRecord[]
  /** Features in the snapshot that `kafka-storage format` wrote (offset 0, epoch 0): not yet committed by anybody. */
  readonly formattedFeatures: readonly MetadataRecord[]
}

const readBytes = 8 * 1024 * 1024

/** Opens the log and reads snapshot, `quorum-state` and voters. */
export async function openMetadataLog(options: MetadataLogOptions): Promise<LoadedMetadata> {
  const { storage, directory } = options
  storage.makeDirectory(directory)
  const log = options.openLog(directory)
  const snapshots = storage
    .list(directory)
    .flatMap(({ name }) => parseSnapshotFileName(name) ?? [])
    .sort((a, b) => a.endOffset - b.endOffset || a.epoch - b.epoch)
  const formatted = snapshots.find((id) => id.endOffset === 0)
  const newest = snapshots.findLast((id) => id.endOffset > 0)
  const read = (id: SnapshotId) => [...readMetadataBatches(storage.readFile(`${directory}/${snapshotFileName(id)}`))]
  const formattedBatches = formatted === undefined ? [] : read(formatted)
  const newestBatches = newest === undefined ? [] : read(newest)
  const image = new MetadataImage()
  for (const { records } of newestBatches) for (const record of records) image.replay(record)
  const appliedOffset = newest?.endOffset ?? 0
  if (log.logEndOffset < appliedOffset) log.truncateFullyAndStartAt(appliedOffset)
  const inLog: ReadMetadataBatch[] = []
  for await (const batch of metadataBatches(log, { from: log.logStartOffset, end: log.logEndOffset })) {
    if (batch.controlRecords.length > 0) inLog.push(batch)
  }
  const quorum = quorumOf([...formattedBatches, ...newestBatches, ...inLog], options)
  const self = { id: options.nodeId, directoryId: options.directoryId }
  return {
    log,
    image,
    appliedOffset,
    raft: initialState(electionStateIn(options, Math.max(log.leaderEpochs.latestEpoch ?? 0, newest?.epoch ?? 0)), self),
    formattedFeatures: formattedBatches.flatMap(({ records }) => records),
    ...quorum,
  }
}

/** The batches of the log in `[from, end)`. */
export async function* metadataBatches(
  log: PartitionLog,
  range: { readonly from: number; readonly end: number },
): AsyncGenerator<ReadMetadataBatch> {
  let offset = range.from
  while (offset < range.end) {
    const read = await log.read(offset, { maxBytes: readBytes, minOneMessage: true, isolation: 'log-end' })
    if (read.error !== undefined) throw new Error(`metadata log at offset ${offset}: ${read.error}: ${read.message}`)
    if (read.sizeInBytes === 0)
      throw new Error(`the metadata log has no batch at offset ${offset}, and should reach ${range.end}`)
    for (const batch of readMetadataBatches(Buffer.concat(read.chunks))) {
      if (batch.nextOffset <= offset) continue
      if (batch.baseOffset >= range.end) return
      yield batch
      offset = batch.nextOffset
    }
  }
}

function electionStateIn(options: MetadataLogOptions, latestEpoch: number): ElectionState {
  const path = `${options.directory}/quorum-state`
  if (!options.storage.exists(path)) return { epoch: latestEpoch, leaderId: null, vote: null }
  return readQuorumState(Buffer.from(options.storage.readFile(path)).toString())
}

/** The voters in the log win over those in the config, as in Kafka. */
function quorumOf(
  batches: readonly ReadMetadataBatch[],
  options: MetadataLogOptions,
): Pick<LoadedMetadata, 'voters' | 'kraftVersion' | 'quorumRecords'> {
  const control = batches.flatMap((batch) => batch.controlRecords)
  const version = control.findLast((record) => controlRecordTypeOf(record) === 'KRaftVersion')
  const voters = control.findLast((record) => controlRecordTypeOf(record) === 'KRaftVoters')
  const level = version === undefined ? 0 : decode(kRaftVersionRecord, version.value, 0).kRaftVersion
  if (level === 0 || version === undefined || voters === undefined) {
    const self = { id: options.nodeId, directoryId: options.directoryId }
    return { voters: options.staticVoters ?? [self], kraftVersion: 0, quorumRecords: [] }
  }
  const decoded = decode(votersRecord, voters.value, 0).voters
  return {
    voters: decoded.map(({ voterId, voterDirectoryId }) => ({ id: voterId, directoryId: voterDirectoryId })),
    kraftVersion: 1,
    quorumRecords: [version, voters],
  }
}

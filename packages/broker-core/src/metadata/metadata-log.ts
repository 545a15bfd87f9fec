import type { PartitionLog } from '@odradek/log'
import { encode } from '@odradek/protocol'
import { leaderChangeMessage } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import {
  controlRecordKey,
  electionStateOf,
  encodeControlBatch,
  encodeMetadataBatch,
  encodeSnapshot,
  type KraftVersion,
  MetadataDelta,
  type MetadataImage,
  parseSnapshotFileName,
  type RaftEvent,
  type RaftState,
  snapshotFileName,
  stepRaft,
  type Voter,
  writeQuorumState,
} from '@odradek/quorum'
import type { Random } from '@odradek/runtime'
import type { MetadataLogOptions } from './metadata-log-options.ts'
import { type LoadedMetadata, metadataBatches, openMetadataLog } from './open-metadata-log.ts'

/** Rejected with when this node is not the leader of the metadata quorum. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError'
}

interface Uncommitted {
  readonly baseOffset: number
  readonly endOffset: number
  readonly records: readonly MetadataRecord[]
}

/**
 * `__cluster_metadata`: its log, this node's part in the election of a leader, and the image of what is committed. Records are
 * durable before they count, and applied when the high watermark passes them; the state is only ever what replay makes of the log.
 */
export class MetadataLog {
  readonly #options: MetadataLogOptions
  readonly #log: PartitionLog
  readonly #uncommitted: Uncommitted[] = []
  readonly image: MetadataImage
  readonly voters: readonly Voter[]
  readonly #kraftVersion: KraftVersion
  readonly #quorumRecords: LoadedMetadata['quorumRecords']
  /** The features that `kafka-storage format` left for the first leader to write. */
  readonly formattedFeatures: readonly MetadataRecord[]
  #raft: RaftState
  #applied: number
  #bytesSinceSnapshot: number
  #lastTimestamp = -1
  #snapshotMs: number

  private constructor(options: MetadataLogOptions, loaded: LoadedMetadata) {
    this.#options = options
    this.#log = loaded.log
    this.image = loaded.image
    this.voters = loaded.voters
    this.#kraftVersion = loaded.kraftVersion
    this.#quorumRecords = loaded.quorumRecords
    this.#raft = loaded.raft
    this.formattedFeatures = loaded.formattedFeatures
    this.#applied = loaded.appliedOffset
    this.#bytesSinceSnapshot = loaded.log.sizeInBytes
    this.#snapshotMs = options.clock.now()
  }

  /** Opens the log, loads the newest snapshot, and leads at once where this node is the only voter. */
  static async open(options: MetadataLogOptions): Promise<MetadataLog> {
    const metadata = new MetadataLog(options, await openMetadataLog(options))
    if (metadata.voters.length === 1) await metadata.#step({ type: 'election-timeout', now: options.clock.now() })
    return metadata
  }

  get raft(): RaftState {
    return this.#raft
  }

  /** Records below are committed and applied. */
  get highWatermark(): number {
    return this.#applied
  }

  get logEndOffset(): number {
    return this.#log.logEndOffset
  }

  /** True once the disk of the log failed: nothing can be committed any more. */
  get isOffline(): boolean {
    return this.#log.isOffline
  }

  /** Whether the cluster's first records are committed. */
  get hasBootstrapped(): boolean {
    return this.image.features.entries().length > 0
  }

  /** Appends the records as one batch and resolves when they are committed and applied. */
  async commit(records: readonly MetadataRecord[]): Promise<void> {
    if (this.#raft.role !== 'leader') throw new NotLeaderError('this node does not lead the metadata quorum')
    const timestampMs = this.#options.clock.now()
    const baseOffset = this.#log.logEndOffset
    this.#lastTimestamp = timestampMs
    await this.#append(encodeMetadataBatch(records, { baseOffset, epoch: this.#raft.epoch, timestampMs }), records)
    if (this.#isSnapshotDue(timestampMs)) this.writeSnapshot()
  }

  /** The broker to which a client may send requests for the controller: any that lives, since brokers forward (KIP-590). */
  activeBrokerForControllers(random: Random): number {
    const alive = this.image.cluster.brokers().filter((broker) => !broker.fenced)
    return alive.length === 0 ? -1 : alive[random.nextInt(alive.length)]!.brokerId
  }

  /** Writes what is committed as a snapshot and gives up the log before it. */
  writeSnapshot(): void {
    const { storage, directory, clock } = this.#options
    const id = { endOffset: this.#applied, epoch: this.#raft.epoch }
    const chunks = encodeSnapshot(this.image.records(), {
      epoch: id.epoch,
      timestampMs: clock.now(),
      lastContainedLogTimestamp: this.#lastTimestamp,
      quorumRecords: this.#quorumRecords,
    })
    storage.writeFile(`${directory}/${snapshotFileName(id)}`, Buffer.concat(chunks))
    this.#log.roll()
    this.#log.deleteRecordsBefore(id.endOffset)
    this.#log.deleteOldSegments()
    this.#bytesSinceSnapshot = 0
    this.#snapshotMs = clock.now()
    this.#removeSnapshotsBefore(id.endOffset)
  }

  #isSnapshotDue(now: number): boolean {
    const { maxBytesBetweenSnapshots, maxSnapshotIntervalMs } = this.#options
    if (this.#bytesSinceSnapshot >= maxBytesBetweenSnapshots) return true
    return maxSnapshotIntervalMs > 0 && now - this.#snapshotMs >= maxSnapshotIntervalMs
  }

  /** A newer snapshot says all that older ones say; the one of the format (offset 0) stays, as the cluster's birth certificate. */
  #removeSnapshotsBefore(endOffset: number): void {
    const { storage, directory } = this.#options
    for (const { name } of storage.list(directory)) {
      const id = parseSnapshotFileName(name)
      if (id !== null && id.endOffset > 0 && id.endOffset < endOffset) storage.remove(`${directory}/${name}`)
    }
  }

  /** Writes everything down; nothing may be committed afterwards. */
  close(): void {
    this.#raft = stepRaft(this.#raft, { type: 'resign' }, this.#context())
    this.#log.close()
  }

  async #append(bytes: Uint8Array, records: readonly MetadataRecord[]): Promise<void> {
    const { nodeId, directoryId, clock } = this.#options
    const size = bytes.length
    const result = this.#log.append(bytes, { origin: 'raft', leaderEpoch: this.#raft.epoch })
    if (result.error !== undefined) throw new Error(`metadata log: ${result.error}: ${result.message}`)
    const error = await this.#log.flush()
    if (error !== undefined) throw new Error(`metadata log: ${error}: the records could not be made durable`)
    this.#bytesSinceSnapshot += size
    const logEndOffset = this.#log.logEndOffset
    this.#uncommitted.push({ baseOffset: result.firstOffset, endOffset: logEndOffset, records })
    const replica = { id: nodeId, directoryId }
    await this.#step({ type: 'replica-advanced', now: clock.now(), replica, logEndOffset })
  }

  /** Makes a step of the election, and everything that follows from it. */
  async #step(event: RaftEvent): Promise<void> {
    const former = this.#raft
    const next = stepRaft(former, event, this.#context())
    if (next === former) return
    this.#raft = next
    const self = { id: this.#options.nodeId, directoryId: this.#options.directoryId }
    const election = electionStateOf(next, self)
    const durable = electionStateOf(former, self)
    if (
      election.epoch !== durable.epoch ||
      election.leaderId !== durable.leaderId ||
      election.vote?.id !== durable.vote?.id
    ) {
      const text = writeQuorumState(election, { kraftVersion: this.#kraftVersion, voters: this.voters })
      this.#options.storage.writeFile(`${this.#options.directory}/quorum-state`, Buffer.from(text))
    }
    if (next.role !== 'leader') return
    if (former.role !== 'leader') await this.#beginEpoch(next.epoch, next.grantingVoters)
    else if (next.highWatermark !== null) await this.#apply(next.highWatermark)
  }

  /** A leader's first record tells its epoch, and commits what came before it. */
  async #beginEpoch(epoch: number, grantingVoters: readonly number[]): Promise<void> {
    // Version 0 also where voters are dynamic: Kafka 4.4 writes no other, and its tools read no other.
    const message = {
      version: 0,
      leaderId: this.#options.nodeId,
      voters: this.voters.map(({ id }) => ({ voterId: id })),
      grantingVoters: grantingVoters.map((id) => ({ voterId: id })),
    }
    const change = { key: controlRecordKey('LeaderChange'), value: encode(leaderChangeMessage, message, 0) }
    const isFirst = this.#log.logEndOffset === 0
    const place = { baseOffset: this.#log.logEndOffset, epoch, timestampMs: this.#options.clock.now() }
    this.#log.startLeaderEpoch(epoch)
    await this.#append(encodeControlBatch(isFirst ? [change, ...this.#quorumRecords] : [change], place), [])
  }

  /** Applies what the high watermark has passed: this leader's records as they were appended, former leaders' from the log. */
  async #apply(highWatermark: number): Promise<void> {
    this.#log.updateHighWatermark(highWatermark)
    const delta = new MetadataDelta()
    while (this.#applied < highWatermark) {
      const [first] = this.#uncommitted
      if (first?.baseOffset !== this.#applied) {
        await this.#applyFromLog(first?.baseOffset ?? highWatermark, delta)
        continue
      }
      this.#uncommitted.shift()
      for (const record of first.records) this.image.replay(record, delta)
      this.#applied = first.endOffset
    }
    this.#options.committed(delta, highWatermark)
  }

  async #applyFromLog(end: number, delta: MetadataDelta): Promise<void> {
    for await (const batch of metadataBatches(this.#log, { from: this.#applied, end })) {
      for (const record of batch.records) this.image.replay(record, delta)
      this.#applied = batch.nextOffset
      this.#lastTimestamp = batch.timestampMs
    }
  }

  #context() {
    const { nodeId, directoryId } = this.#options
    return { self: { id: nodeId, directoryId }, voters: this.voters, logEndOffset: this.#log.logEndOffset }
  }
}

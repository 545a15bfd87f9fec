import { encode } from '@odradek/protocol'
import { snapshotFooterRecord, snapshotHeaderRecord } from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { type ControlRecord, encodeControlBatch, encodeMetadataBatch } from './metadata-batches.ts'

/** Kafka's ControlRecordType, those of the Raft log. */
const controlRecordTypes = {
  LeaderChange: 2,
  SnapshotHeader: 3,
  SnapshotFooter: 4,
  KRaftVersion: 5,
  KRaftVoters: 6,
} as const

/** A kind of control record of the Raft log, by Kafka's name. */
export type ControlRecordType = keyof typeof controlRecordTypes

/** Key of a control record: version 0 and the type. */
export function controlRecordKey(type: ControlRecordType): Uint8Array {
  return Uint8Array.of(0, 0, 0, controlRecordTypes[type])
}

/** What a control record is, undefined for one that no Raft log holds. */
export function controlRecordTypeOf(record: ControlRecord): ControlRecordType | undefined {
  const names = Object.keys(controlRecordTypes) as ControlRecordType[]
  return names.find((name) => controlRecordTypes[name] === record.key[3])
}

/** Which records a snapshot stands for: everything below `endOffset`, written up to `epoch` (KIP-630). */
export interface SnapshotId {
  readonly endOffset: number
  readonly epoch: number
}

/** `<end offset, 20 digits>-<epoch, 10 digits>.checkpoint`. */
export function snapshotFileName(id: SnapshotId): string {
  return `${String(id.endOffset).padStart(20, '0')}-${String(id.epoch).padStart(10, '0')}.checkpoint`
}

/** The id in a snapshot's file name, or null when it is another file. */
export function parseSnapshotFileName(name: string): SnapshotId | null {
  const match = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name)
  return match === null ? null : { endOffset: Number(match[1]), epoch: Number(match[2]) }
}

/** Records a batch of a snapshot holds at most, so that a reader never has to take a large cluster in one piece. */
const recordsPerBatch = 1024

/** The content of a snapshot file: header, records in batches, footer. Offsets inside count from 0. */
export function encodeSnapshot(
  records: Iterable<MetadataRecord>,
  options: {
    readonly epoch: number
    readonly timestampMs: number
    /** Timestamp of the last record of the log that is contained, -1 when there is none. */
    readonly lastContainedLogTimestamp: number
    /** Control records that follow the header where the quorum is dynamic: KRaftVersion and KRaftVoters. */
    readonly quorumRecords?: readonly ControlRecord[]
  },
): readonly Uint8Array[] {
  const { epoch, timestampMs, lastContainedLogTimestamp } = options
  const header = encode(snapshotHeaderRecord, { version: 0, lastContainedLogTimestamp }, 0)
  const control = [{ key: controlRecordKey('SnapshotHeader'), value: header }, ...(options.quorumRecords ?? [])]
  const chunks = [encodeControlBatch(control, { baseOffset: 0, epoch, timestampMs })]
  let baseOffset = control.length
  let batch: MetadataRecord[] = []
  const close = () => {
    if (batch.length === 0) return
    chunks.push(encodeMetadataBatch(batch, { baseOffset, epoch, timestampMs }))
    baseOffset += batch.length
    batch = []
  }
  for (const record of records) {
    if (batch.push(record) === recordsPerBatch) close()
  }
  close()
  const footer = { key: controlRecordKey('SnapshotFooter'), value: encode(snapshotFooterRecord, { version: 0 }, 0) }
  chunks.push(encodeControlBatch([footer], { baseOffset, epoch, timestampMs }))
  return chunks
}

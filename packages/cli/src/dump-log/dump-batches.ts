import { basename, resolve } from 'node:path'
import { controlRecordTypes, type KafkaRecord, type RecordBatchView } from '@odradek/protocol'
import { toRawJson } from '@odradek/protocol/json'
import type { Dump } from './dump.ts'
import { LogFile, type PositionedBatch } from './log-file.ts'

const indent = '|'

/** Prints the batches of a `.log` or `.checkpoint` file and, when asked for, their records. */
export function dumpBatches(dump: Dump, path: string): void {
  printStart(dump, basename(path))
  const file = new LogFile(path, Math.min(dump.sizeOf(path), dump.maxBytes))
  try {
    let end = 0
    let lastOffset = -1
    for (const positioned of file.batches()) {
      printBatch(dump, positioned)
      end = positioned.position + positioned.batch.sizeInBytes
      if (dump.isDeep) lastOffset = dumpRecords(dump, positioned.batch, { path, lastOffset })
    }
    // A file that was cut short by --max-bytes has no bytes that are wrong.
    if (end < file.size && dump.maxBytes === 0x7fff_ffff) {
      dump.print(`Found ${file.size - end} invalid bytes at the end of ${basename(path)}`)
    }
  } finally {
    file.close()
  }
}

function printStart(dump: Dump, name: string): void {
  if (name.endsWith('.log')) dump.print(`Log starting offset: ${Number(name.split('.')[0])}`)
  else if (name === 'bootstrap.checkpoint') dump.print('KRaft bootstrap snapshot')
  else {
    const [offset, epoch] = name.replace('.checkpoint', '').split('-')
    dump.print(`Snapshot end offset: ${Number(offset)}, epoch: ${Number(epoch)}`)
  }
}

function printBatch(dump: Dump, { batch, position }: PositionedBatch): void {
  dump.print(
    `baseOffset: ${batch.baseOffset} lastOffset: ${batch.lastOffset} count: ${batch.recordCount} baseSequence: ${batch.baseSequence}` +
      ` lastSequence: ${batch.lastSequence} producerId: ${batch.producerId} producerEpoch: ${batch.producerEpoch}` +
      ` partitionLeaderEpoch: ${batch.partitionLeaderEpoch} isTransactional: ${batch.isTransactional} isControl: ${batch.isControl}` +
      ` deleteHorizonMs: ${optionalLong(batch.deleteHorizonMs)} position: ${position} ${batch.timestampType}: ${batch.maxTimestamp}` +
      ` size: ${batch.sizeInBytes} magic: ${batch.magic} compresscodec: ${batch.compression} crc: ${batch.crc} isvalid: ${batch.hasValidCrc()}`,
  )
}

/** As Java prints an `OptionalLong`. */
export function optionalLong(value: number | undefined): string {
  return value === undefined ? 'OptionalLong.empty' : `OptionalLong[${value}]`
}

function dumpRecords(
  dump: Dump,
  batch: RecordBatchView,
  { path, lastOffset }: { readonly path: string; readonly lastOffset: number },
): number {
  let previous = lastOffset
  for (const record of batch.records()) {
    if (record.offset !== previous + 1) dump.notConsecutive(resolve(path), previous, record.offset)
    previous = record.offset
    printRecord(dump, batch, record)
  }
  return previous
}

function printRecord(dump: Dump, batch: RecordBatchView, record: KafkaRecord): void {
  let line = ''
  if (dump.printsMetadata) line = recordMetadata(batch, record) + (batch.isControl ? controlRecord(record) : '')
  if (dump.parser !== undefined && !batch.isControl) {
    const { key, payload } = dump.parser(record)
    const parts = [key === undefined ? [] : [`key: ${key}`], payload === undefined ? [] : [`payload: ${payload}`]]
    if (parts.flat().length > 0) line += `${dump.printsMetadata ? ' ' : `${indent} `}${parts.flat().join(' ')}`
  }
  dump.print(line)
}

function recordMetadata(batch: RecordBatchView, record: KafkaRecord): string {
  const keys = record.headers.map(({ key }) => key).join(',')
  const sequence = batch.baseSequence < 0 ? -1 : (batch.baseSequence + record.offset - batch.baseOffset) % 0x8000_0000
  return (
    `${indent} offset: ${record.offset} ${batch.timestampType}: ${record.timestamp} keySize: ${record.key?.length ?? -1}` +
    ` valueSize: ${record.value?.length ?? -1} sequence: ${sequence} headerKeys: [${keys}]`
  )
}

const controlRecordNames = {
  LEADER_CHANGE: ['LeaderChange:', 'LeaderChangeMessage'],
  SNAPSHOT_HEADER: ['SnapshotHeader', 'SnapshotHeaderRecord'],
  SNAPSHOT_FOOTER: ['SnapshotFooter', 'SnapshotFooterRecord'],
  KRAFT_VERSION: ['KRaftVersion', 'KRaftVersionRecord'],
  KRAFT_VOTERS: ['KRaftVoters', 'VotersRecord'],
} as const

function controlRecord({ key, value }: KafkaRecord): string {
  const typeId = Buffer.from(key ?? []).readInt16BE(2)
  const type = controlRecordTypes[typeId]
  const bytes = Buffer.from(value ?? [])
  if (type === 'ABORT' || type === 'COMMIT') {
    return ` endTxnMarker: ${type} coordinatorEpoch: ${bytes.readInt32BE(2)}`
  }
  if (type === undefined) return ` controlType: UNKNOWN(${typeId})`
  const [label, name] = controlRecordNames[type]
  // The version in which a control record is written is its own first field.
  return ` ${label} ${JSON.stringify(toRawJson(name, bytes.readInt16BE(0), bytes))}`
}

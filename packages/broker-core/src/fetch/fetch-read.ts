import type { AbortedTransactionStart, FetchIsolation } from '@odradek/log'
import type { ErrorName } from '@odradek/protocol'
import type { Broker } from '../broker.ts'
import type { Partition } from '../partitions/partition.ts'
import type { FetchRequestPartition } from './fetch-session.ts'

/** What was read of one partition, as the Fetch response tells it. */
export interface PartitionRead {
  readonly request: FetchRequestPartition
  readonly error: ErrorName | undefined
  readonly chunks: readonly Uint8Array[]
  readonly sizeInBytes: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly abortedTransactions: readonly AbortedTransactionStart[] | null
  /** Where the client's log parts from this one (KIP-595). */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number } | undefined
  /** Told with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH (KIP-951). */
  readonly partition: Partition | undefined
}

/** Limits of a whole fetch. */
export interface FetchLimits {
  readonly maxBytes: number
  readonly isolation: FetchIsolation
  readonly usesTopicIds: boolean
}

/**
 * Reads the partitions in their order until `maxBytes` is reached; the first batch of the fetch comes whatever its size. Answers
 * at once when everything is in memory, and a promise as soon as one partition has to be read from disk.
 */
export function readPartitions(
  wanted: readonly FetchRequestPartition[],
  limits: FetchLimits,
  broker: Broker,
): readonly PartitionRead[] | Promise<readonly PartitionRead[]> {
  const round = startReads(wanted, { ...limits, left: limits.maxBytes, isFirst: true }, broker)
  return round.isPending ? readOn(wanted, { limits, round }, broker) : (round.reads as readonly PartitionRead[])
}

/** Reads that were begun side by side; behind them there was no room that could be promised. */
interface ReadRound {
  readonly reads: readonly (PartitionRead | Promise<PartitionRead>)[]
  readonly isPending: boolean
}

/**
 * Begins to read as many partitions as fit whatever their reads bring: files are read by other threads, so several take no longer than one.
 */
function startReads(wanted: readonly FetchRequestPartition[], limits: ReadLimits, broker: Broker): ReadRound {
  const reads: (PartitionRead | Promise<PartitionRead>)[] = []
  let { left, isFirst } = limits
  let isPending = false
  for (const request of wanted) {
    if (isPending && left <= 0) break
    const read = readPartition(request, { ...limits, left, isFirst }, broker)
    reads.push(read)
    if (read instanceof Promise) {
      isPending = true
      isFirst = false
      left -= Math.min(request.maxBytes, left)
    } else {
      if (read.sizeInBytes > 0) isFirst = false
      left -= read.sizeInBytes
    }
  }
  return { reads, isPending }
}

async function readOn(
  wanted: readonly FetchRequestPartition[],
  { limits, round }: { readonly limits: FetchLimits; readonly round: ReadRound },
  broker: Broker,
): Promise<readonly PartitionRead[]> {
  const reads = [...(await Promise.all(round.reads))]
  const left = () => limits.maxBytes - reads.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0)
  while (reads.length < wanted.length) {
    const rest = wanted.slice(reads.length)
    const further = startReads(rest, { ...limits, left: left(), isFirst: left() === limits.maxBytes }, broker)
    reads.push(...(await Promise.all(further.reads)))
  }
  return left() === limits.maxBytes ? await readOneByOne(wanted, limits, broker) : reads
}

/** When nothing came, a batch may have been too large for a partition that was not the first; one by one, each is the first in its turn. */
async function readOneByOne(
  wanted: readonly FetchRequestPartition[],
  limits: FetchLimits,
  broker: Broker,
): Promise<readonly PartitionRead[]> {
  const reads: PartitionRead[] = []
  let left = limits.maxBytes
  for (const request of wanted) {
    const read = await readPartition(request, { ...limits, left, isFirst: left === limits.maxBytes }, broker)
    reads.push(read)
    left -= read.sizeInBytes
  }
  return reads
}

interface ReadLimits extends FetchLimits {
  readonly left: number
  /** Nothing was read for this fetch so far. */
  readonly isFirst: boolean
}

function readPartition(
  request: FetchRequestPartition,
  limits: ReadLimits,
  broker: Broker,
): PartitionRead | Promise<PartitionRead> {
  const { topicId, topic, partition: index } = request
  const found = limits.usesTopicIds
    ? broker.partitions.findById(topicId, index)
    : broker.partitions.findByName(topic, index)
  if ('error' in found) return failed(request, found.error)
  const refusal = found.refusesReader(request.currentLeaderEpoch)
  if (refusal !== undefined) return failed(request, refusal, found)
  const divergence = divergenceOf(request, found)
  if (divergence !== undefined) return divergence
  const maxBytes = Math.min(request.maxBytes, Math.max(limits.left, 0))
  const result = found.log.read(request.fetchOffset, {
    maxBytes,
    minOneMessage: limits.isFirst,
    isolation: limits.isolation,
    memory: (length) => broker.readBuffers.take(length),
  })
  const told = (read: Awaited<typeof result>): PartitionRead => ({
    request,
    error: read.error,
    chunks: read.error === undefined ? read.chunks : [],
    sizeInBytes: read.error === undefined ? read.sizeInBytes : 0,
    highWatermark: read.error === undefined ? read.highWatermark : -1,
    lastStableOffset: read.error === undefined ? read.lastStableOffset : -1,
    logStartOffset: read.error === undefined ? read.logStartOffset : -1,
    abortedTransactions: read.error === undefined ? (read.abortedTransactions ?? null) : null,
    divergingEpoch: undefined,
    partition: found,
  })
  return result instanceof Promise ? result.then(told) : told(result)
}

/** A reader whose last epoch ended earlier here has records that this log does not have; it truncates and asks again. */
function divergenceOf(request: FetchRequestPartition, partition: Partition): PartitionRead | undefined {
  if (request.lastFetchedEpoch < 0) return undefined
  const { log } = partition
  const end = log.endOffsetForEpoch(request.lastFetchedEpoch)
  if (end.leaderEpoch < 0) return failed(request, 'OFFSET_OUT_OF_RANGE', partition)
  if (end.leaderEpoch === request.lastFetchedEpoch && end.endOffset >= request.fetchOffset) return undefined
  return {
    ...failed(request, undefined, partition),
    highWatermark: log.highWatermark,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: log.logStartOffset,
    divergingEpoch: { epoch: end.leaderEpoch, endOffset: end.endOffset },
  }
}

function failed(request: FetchRequestPartition, error: ErrorName | undefined, partition?: Partition): PartitionRead {
  return {
    request,
    error,
    chunks: [],
    sizeInBytes: 0,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    divergingEpoch: undefined,
    partition,
  }
}

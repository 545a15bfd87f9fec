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
  const reads: PartitionRead[] = []
  let left = limits.maxBytes
  for (let index = 0; index < wanted.length; index++) {
    const read = readPartition(wanted[index]!, { ...limits, left, isFirst: left === limits.maxBytes }, broker)
    if (read instanceof Promise) return readOn(read, { wanted, next: index + 1, limits, left, reads }, broker)
    reads.push(read)
    left -= read.sizeInBytes
  }
  return reads
}

async function readOn(
  first: Promise<PartitionRead>,
  at: {
    readonly wanted: readonly FetchRequestPartition[]
    readonly next: number
    readonly limits: FetchLimits
    readonly left: number
    readonly reads: PartitionRead[]
  },
  broker: Broker,
): Promise<readonly PartitionRead[]> {
  const read = await first
  at.reads.push(read)
  let left = at.left - read.sizeInBytes
  for (const request of at.wanted.slice(at.next)) {
    const isFirst = left === at.limits.maxBytes
    const further = await readPartition(request, { ...at.limits, left, isFirst }, broker)
    at.reads.push(further)
    left -= further.sizeInBytes
  }
  return at.reads
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

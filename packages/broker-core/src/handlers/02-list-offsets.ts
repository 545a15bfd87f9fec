import type { OffsetSpec, PartitionLog, TimestampAndOffset } from '@odradek/log'
import { type ErrorName, errors, type Input, ProtocolError } from '@odradek/protocol'
import {
  type ListOffsetsRequest,
  type ListOffsetsRequestPartition,
  type ListOffsetsResponse,
  type ListOffsetsResponsePartitionResponse,
  listOffsetsRequest,
  listOffsetsResponse,
} from '@odradek/protocol/messages'
import { StorageError } from '@odradek/runtime'
import type { RequestContext } from '../connection/request-context.ts'
import { defineHandler } from '../handler.ts'
import type { Partition } from '../partitions/partition.ts'

type PartitionResult = Input<ListOffsetsResponsePartitionResponse>

/**
 * ListOffsets, versions 1 to 11: isolation since 2, leader epochs since 4 (KIP-320), max timestamp since 7 (KIP-734), the offsets
 * of tiered storage since 8 and 9 (KIP-405, KIP-1005), pending upload since 11 (KIP-1023). There is no tiered storage, so "earliest
 * local" is the log start and nothing is tiered.
 */
export const listOffsets = defineHandler<ListOffsetsRequest, ListOffsetsResponse>({
  request: listOffsetsRequest,
  response: listOffsetsResponse,
  async handle(request, context) {
    const topics = await Promise.all(
      request.topics.map(async ({ name, partitions }) => {
        const indexes = partitions.map(({ partitionIndex }) => partitionIndex)
        return {
          name,
          partitions: await Promise.all(
            partitions.map((partition) =>
              indexes.indexOf(partition.partitionIndex) === indexes.lastIndexOf(partition.partitionIndex)
                ? listOffset(name, partition, { request, context })
                : failure(partition.partitionIndex, 'INVALID_REQUEST'),
            ),
          ),
        }
      }),
    )
    return { topics: context.apiVersion >= 4 ? topics : withoutLeaderEpochs(topics) }
  },
})

/** Kafka's special timestamps and the version that brought each. */
const special: ReadonlyMap<number, { readonly spec: OffsetSpec; readonly since: number }> = new Map([
  [-1, { spec: 'latest', since: 1 }],
  [-2, { spec: 'earliest', since: 1 }],
  [-3, { spec: 'max-timestamp', since: 7 }],
  [-4, { spec: 'earliest-local', since: 8 }],
  [-5, { spec: 'latest-tiered', since: 9 }],
  [-6, { spec: 'latest-tiered', since: 11 }],
])

async function listOffset(
  topic: string,
  wanted: ListOffsetsRequestPartition,
  { request, context }: { readonly request: ListOffsetsRequest; readonly context: RequestContext },
): Promise<PartitionResult> {
  const { partitionIndex, currentLeaderEpoch, timestamp } = wanted
  const found = context.broker.partitions.findByName(topic, partitionIndex)
  if ('error' in found) return failure(partitionIndex, found.error)
  const refusal = found.refusesReader(currentLeaderEpoch)
  if (refusal !== undefined) return failure(partitionIndex, refusal)
  const named = special.get(timestamp)
  const spec = named === undefined && timestamp >= 0 ? timestamp : named?.spec
  if (spec === undefined || (named !== undefined && context.apiVersion < named.since)) {
    return failure(partitionIndex, 'UNSUPPORTED_VERSION')
  }
  const { log } = found
  const bound = request.isolationLevel === 1 ? log.lastStableOffset : log.highWatermark
  if (spec === 'latest') {
    return { partitionIndex, timestamp: -1, offset: bound, leaderEpoch: found.leaderEpoch }
  }
  const at = await lookUp(log, spec)
  if (typeof at === 'string') return failure(partitionIndex, at)
  return answer(found, partitionIndex, isVisible(at, spec, bound) ? at : undefined)
}

/** What the log answers, or why it cannot be read. */
async function lookUp(log: PartitionLog, spec: OffsetSpec): Promise<TimestampAndOffset | ErrorName | undefined> {
  try {
    return await log.offsetForTimestamp(spec)
  } catch (error) {
    if (error instanceof StorageError) return 'KAFKA_STORAGE_ERROR'
    if (error instanceof ProtocolError) return 'CORRUPT_MESSAGE'
    throw error
  }
}

/** A record that consumers cannot read yet is not found by its time. */
function isVisible(at: TimestampAndOffset | undefined, spec: OffsetSpec, bound: number): at is TimestampAndOffset {
  if (at === undefined) return false
  return typeof spec !== 'number' && spec !== 'max-timestamp' ? true : at.offset < bound
}

function answer(partition: Partition, partitionIndex: number, at: TimestampAndOffset | undefined): PartitionResult {
  if (at === undefined) return { partitionIndex, timestamp: -1, offset: -1, leaderEpoch: -1 }
  const { timestamp, offset, leaderEpoch } = at
  return {
    partitionIndex,
    timestamp,
    offset,
    leaderEpoch: offset < 0 ? -1 : leaderEpoch < 0 ? partition.leaderEpoch : leaderEpoch,
  }
}

function failure(partitionIndex: number, error: ErrorName): PartitionResult {
  return { partitionIndex, errorCode: errors[error].code, timestamp: -1, offset: -1, leaderEpoch: -1 }
}

/** Versions below 4 have no leader epoch. */
function withoutLeaderEpochs(
  topics: readonly { readonly name: string; readonly partitions: readonly PartitionResult[] }[],
) {
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ leaderEpoch: _, ...partition }) => partition),
  }))
}

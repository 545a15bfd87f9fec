import { errors, type Input } from '@odradek/protocol'
import {
  type FetchRequest,
  type FetchResponse,
  type FetchResponseFetchableTopicResponse,
  type FetchResponsePartitionData,
  fetchRequest,
  fetchResponse,
} from '@odradek/protocol/messages'
import type { RequestContext } from '../connection/request-context.ts'
import { fetchPartitions } from '../fetch/delayed-fetch.ts'
import type { PartitionRead } from '../fetch/fetch-read.ts'
import type { FetchRequestPartition, FetchSession } from '../fetch/fetch-session.ts'
import { defineHandler } from '../handler.ts'

/**
 * Fetch, versions 4 to 18: sessions since 7 (KIP-227), leader epochs since 9 (KIP-320), rack since 11 (KIP-392), diverging epochs
 * since 12 (KIP-595), topic ids since 13 (KIP-516), the new leader's endpoint since 16 (KIP-951), the reader's high watermark
 * since 18 (KIP-1166). A long poll: with fewer than `minBytes` it waits `maxWaitMs`. Throttling by quota is left out.
 */
export const fetch = defineHandler<FetchRequest, FetchResponse>({
  request: fetchRequest,
  response: fetchResponse,
  async handle(request, context) {
    const { broker } = context
    const usesTopicIds = context.apiVersion >= 13
    const opened = broker.fetchSessions.open({
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      usesTopicIds,
      partitions: partitionsOf(request),
      forgotten: request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
        partitions.map((partition) => ({ topic, topicId, partition })),
      ),
    })
    if ('errorCode' in opened) return { errorCode: opened.errorCode }
    const maxBytes = Math.min(request.maxBytes, broker.configs.broker.fetchMaxBytes)
    const reads = await fetchPartitions(
      opened.partitions,
      {
        limits: {
          maxBytes,
          isolation: request.isolationLevel === 1 ? 'last-stable-offset' : 'high-watermark',
          usesTopicIds,
        },
        minBytes: Math.min(request.minBytes, maxBytes),
        maxWaitMs: request.maxWaitMs,
        connection: context.connection,
      },
      broker,
    )
    context.connection.whenSent(() => {
      for (const { chunks } of reads) broker.readBuffers.give(chunks)
    })
    tellFetched(reads, context)
    const { session, incremental } = opened
    const told = reads.filter((read) => isNews(read, opened) || !incremental)
    return { sessionId: session?.id ?? 0, responses: byTopic(told, context), nodeEndpoints: leadersOf(told, context) }
  },
})

function partitionsOf(request: FetchRequest): FetchRequestPartition[] {
  return request.topics.flatMap(({ topic, topicId, partitions }) =>
    partitions.map(
      ({ partition, fetchOffset, currentLeaderEpoch, lastFetchedEpoch, logStartOffset, partitionMaxBytes }) => ({
        topic,
        topicId,
        partition,
        fetchOffset,
        currentLeaderEpoch,
        lastFetchedEpoch,
        logStartOffset,
        maxBytes: partitionMaxBytes,
      }),
    ),
  )
}

function tellFetched(reads: readonly PartitionRead[], { broker: { hooks } }: RequestContext): void {
  if (!hooks.has('fetched')) return
  for (const { partition: from, request, sizeInBytes } of reads) {
    if (from === undefined || sizeInBytes === 0) continue
    const { partition, fetchOffset } = request
    hooks.emit('fetched', { topic: from.topic, partition, fetchOffset, sizeInBytes })
  }
}

/** Tells the session what its client will know from now on, and whether the client has to be told. */
function isNews(
  read: PartitionRead,
  { session, incremental }: { readonly session: FetchSession | null; readonly incremental: boolean },
): boolean {
  if (session === null) return true
  return session.tell(read.request, {
    incremental,
    errorCode: read.error === undefined ? 0 : errors[read.error].code,
    hasRecords: read.sizeInBytes > 0,
    hasDivergingEpoch: read.divergingEpoch !== undefined,
    highWatermark: read.highWatermark,
    logStartOffset: read.logStartOffset,
  })
}

function byTopic(reads: readonly PartitionRead[], context: RequestContext) {
  const topics: { topic: string; topicId: string; partitions: Input<FetchResponsePartitionData>[] }[] = []
  for (const read of reads) {
    const { topic, topicId } = read.request
    const last = topics.at(-1)
    const same = last?.topic === topic && last.topicId === topicId ? last : undefined
    const entry = same ?? { topic, topicId, partitions: [] }
    if (same === undefined) topics.push(entry)
    entry.partitions.push(partitionData(read, context))
  }
  return topics satisfies Input<FetchResponseFetchableTopicResponse>[]
}

function partitionData(read: PartitionRead, context: RequestContext): Input<FetchResponsePartitionData> {
  const leader = tellsLeader(read, context) ? read.partition : undefined
  return {
    partitionIndex: read.request.partition,
    errorCode: read.error === undefined ? 0 : errors[read.error].code,
    highWatermark: read.highWatermark,
    lastStableOffset: read.lastStableOffset,
    logStartOffset: read.logStartOffset,
    abortedTransactions: read.abortedTransactions,
    records: read.chunks,
    ...(read.divergingEpoch === undefined ? {} : { divergingEpoch: read.divergingEpoch }),
    ...(leader === undefined ? {} : { currentLeader: { leaderId: leader.leaderId, leaderEpoch: leader.leaderEpoch } }),
  }
}

function tellsLeader(read: PartitionRead, context: RequestContext): boolean {
  const moved = read.error === 'NOT_LEADER_OR_FOLLOWER' || read.error === 'FENCED_LEADER_EPOCH'
  return moved && context.apiVersion >= 16
}

function leadersOf(reads: readonly PartitionRead[], context: RequestContext) {
  const ids = new Set(reads.flatMap((read) => (tellsLeader(read, context) ? [read.partition?.leaderId ?? -1] : [])))
  return context.broker.nodeEndpoints(ids, context.connection.listenerName)
}

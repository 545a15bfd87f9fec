/**
 * Asks the leaders of partitions for offsets by timestamp (ListOffsets). One call asks each leader once, all at the same time, and tells of
 * each partition what was found or that it is to be asked again.
 */
import { type ClientCore, KafkaError } from '@odradek/client'
import { type ErrorName, errorByCode } from '@odradek/protocol'
import { type ListOffsetsResponse, listOffsetsRequest, listOffsetsResponse } from '@odradek/protocol/messages'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import { groupByTopic, type OffsetAndTimestamp, PartitionMap, type TopicPartition } from '../topic-partition.ts'
import { leaderOf } from './topic-metadata.ts'

/** The timestamp that stands for the end of the log: the last stable offset under `read_committed`. */
export const latestTimestamp = -1
/** The timestamp that stands for the first record. */
export const earliestTimestamp = -2

const listOffsetsApi = { request: listOffsetsRequest, response: listOffsetsResponse }
const debugReplicaId = -1

/** What was learned of each partition. */
export interface ListedOffsets {
  /** Null where no record is that young. */
  readonly found: PartitionMap<OffsetAndTimestamp | null>
  /** To be asked again, with why. */
  readonly retry: PartitionMap<KafkaError>
}

interface LeaderQuestion {
  readonly leaderId: number
  readonly partitions: (TopicPartition & { readonly timestamp: number; readonly currentLeaderEpoch: number })[]
}

/**
 * Asks once.
 * @throws KafkaError TOPIC_AUTHORIZATION_FAILED, UNSUPPORTED_VERSION, and whatever else no retry mends
 */
export async function listOffsets(
  { core, config }: { readonly core: ClientCore; readonly config: ConsumerConfig },
  timestamps: PartitionMap<number>,
): Promise<ListedOffsets> {
  const listed: ListedOffsets = { found: new PartitionMap(), retry: new PartitionMap() }
  const questions = byLeader(core, timestamps, listed.retry)
  const asked = questions.map(async ({ leaderId, partitions }) => {
    try {
      await askLeader({ core, config }, { leaderId, partitions }, listed)
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable) throw error
      for (const partition of partitions) listed.retry.set(partition, error)
    }
  })
  await Promise.all(asked)
  if (listed.retry.size > 0) core.metadata.requestUpdate()
  return listed
}

function byLeader(
  core: ClientCore,
  timestamps: PartitionMap<number>,
  retry: PartitionMap<KafkaError>,
): LeaderQuestion[] {
  const questions = new Map<number, LeaderQuestion>()
  for (const [partition, timestamp] of timestamps) {
    const { leaderId, leaderEpoch: currentLeaderEpoch } = leaderOf(core.metadata, partition)
    if (leaderId === -1) {
      retry.set(
        partition,
        new KafkaError('LEADER_NOT_AVAILABLE', 'the partition has no known leader', { context: partition }),
      )
      continue
    }
    const question = questions.get(leaderId) ?? { leaderId, partitions: [] }
    questions.set(leaderId, question)
    question.partitions.push({ ...partition, timestamp, currentLeaderEpoch })
  }
  return [...questions.values()]
}

async function askLeader(
  { core, config }: { readonly core: ClientCore; readonly config: ConsumerConfig },
  { leaderId, partitions }: LeaderQuestion,
  listed: ListedOffsets,
): Promise<void> {
  const node = core.network.node(leaderId)
  if (node === undefined) throw new KafkaError('LEADER_NOT_AVAILABLE', `broker ${leaderId} is not in the metadata`)
  const topics = groupByTopic(partitions, ({ topic }) => topic)
  const response = await core.network.request(node, listOffsetsApi, {
    replicaId: debugReplicaId,
    isolationLevel: config.isolationLevel === 'read_committed' ? 1 : 0,
    timeoutMs: config.requestTimeoutMs,
    topics: [...topics].map(([name, rows]) => ({
      name,
      partitions: rows.map(({ partition: partitionIndex, currentLeaderEpoch, timestamp }) => ({
        partitionIndex,
        currentLeaderEpoch,
        timestamp,
      })),
    })),
  })
  takeAnswer(response, listed)
}

function takeAnswer(response: ListOffsetsResponse, { found, retry }: ListedOffsets): void {
  for (const { name: topic, partitions } of response.topics) {
    for (const { partitionIndex: partition, errorCode, offset, timestamp, leaderEpoch } of partitions) {
      const at = { topic, partition }
      const error: ErrorName = errorByCode(errorCode).name
      if (error === 'NONE') {
        found.set(
          at,
          offset === -1 ? null : { offset, timestamp, leaderEpoch: leaderEpoch === -1 ? null : leaderEpoch },
        )
      } else if (error === 'UNSUPPORTED_FOR_MESSAGE_FORMAT') found.set(at, null)
      else {
        const failure = KafkaError.fromCode(errorCode, { ...at, api: 'ListOffsets' })
        if (error === 'TOPIC_AUTHORIZATION_FAILED') throw failure
        retry.set(at, failure)
      }
    }
  }
}

/**
 * OffsetCommit and OffsetFetch of a group, each repeated until it is answered for good or its time is over. Commits go one after the
 * other: a commit that is repeated must not come behind a newer one and set the group back.
 */
import { asKafkaError, backoffMs, type ClientCore, KafkaError } from '@odradek/client'
import { type ErrorName, errorByCode } from '@odradek/protocol'
import {
  offsetCommitRequest,
  offsetCommitResponse,
  offsetFetchRequest,
  offsetFetchResponse,
} from '@odradek/protocol/messages'
import { type OffsetAndMetadata, PartitionMap, type TopicPartition } from '../topic-partition.ts'
import type { CoordinatorConnection } from './coordinator-connection.ts'
import type { GroupIdentity } from './group-membership.ts'
import { late, type Waits } from './waits.ts'

/** Whom the requests speak for. Kafka: `generation()` and `groupInstanceId` in `sendOffsetCommitRequest`. */
export interface Committer {
  /** Who commits at the moment. @throws KafkaError when nobody may: the group rebalances, or the member is out of it */
  identity(): GroupIdentity
  /** A commit with `identity` was refused: what to tell who wanted it. */
  refused(error: ErrorName, identity: GroupIdentity): KafkaError
}

/** What the requests are made with. */
export interface OffsetRequestsOptions {
  readonly core: ClientCore
  readonly groupId: string
  readonly connection: CoordinatorConnection
  readonly committer: Committer
  readonly waits: Waits
}

const offsetCommitApi = { request: offsetCommitRequest, response: offsetCommitResponse }
const offsetFetchApi = { request: offsetFetchRequest, response: offsetFetchResponse }

/** The first version of both APIs that names topics by their ids (KIP-848). */
const usesTopicIdsSince = 10
/** The first version that asks for several groups (KIP-709). */
const asksForGroupsSince = 8
/** The first version that may ask for offsets of no open transaction (KIP-447). */
const asksForStableSince = 7

/** Errors of a commit that the membership has to look at. */
const membershipErrors: ReadonlySet<string> = new Set<ErrorName>([
  'FENCED_INSTANCE_ID',
  'FENCED_MEMBER_EPOCH',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'STALE_MEMBER_EPOCH',
  'UNKNOWN_MEMBER_ID',
])

/** Committing and reading offsets of one group. */
export class OffsetRequests {
  readonly #options: OffsetRequestsOptions
  #lastCommit: Promise<unknown> = Promise.resolve()

  constructor(options: OffsetRequestsOptions) {
    this.#options = options
  }

  /**
   * Commits, behind the commits that were asked for before. `stillValid` is asked before each repetition.
   * @throws KafkaError what the coordinator said, or API_TIMED_OUT after `timeoutMs`
   */
  commit(
    offsets: PartitionMap<OffsetAndMetadata>,
    { timeoutMs, stillValid }: { readonly timeoutMs: number; readonly stillValid: () => void },
  ): Promise<void> {
    if (offsets.size === 0) return Promise.resolve()
    const untilMs = this.#now() + timeoutMs
    const commit = this.#lastCommit.then(() =>
      this.#repeat('commit of offsets', untilMs, async (attempt) => {
        if (attempt > 0) stillValid()
        await this.#commitOnce(offsets)
      }),
    )
    this.#lastCommit = commit.catch(() => undefined)
    return commit
  }

  /**
   * What is committed, null where nothing is.
   * @throws KafkaError what the coordinator said, or API_TIMED_OUT after `timeoutMs`
   */
  async committed(
    partitions: readonly TopicPartition[],
    { timeoutMs }: { readonly timeoutMs: number },
  ): Promise<PartitionMap<OffsetAndMetadata | null>> {
    if (partitions.length === 0) return new PartitionMap()
    return await this.#repeat('fetch of committed offsets', this.#now() + timeoutMs, () => this.#fetchOnce(partitions))
  }

  async #repeat<T>(what: string, untilMs: number, once: (attempt: number) => Promise<T>): Promise<T> {
    const { core, connection, waits } = this.#options
    const { config, random } = core.context
    for (let attempt = 0; ; attempt++) {
      let failure: KafkaError
      try {
        const found = await waits.within(connection.find(), untilMs - this.#now())
        if (found !== late) return await once(attempt)
        failure = new KafkaError('COORDINATOR_NOT_AVAILABLE', 'the coordinator of the group was not found')
      } catch (error) {
        failure = asKafkaError(error, 'PROTOCOL_VIOLATION')
        connection.noteError(failure)
        if (!isRepeated(failure)) throw failure
      }
      const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = config
      const retryInMs = backoffMs(attempt, { initialMs, maxMs, random })
      if (this.#now() + retryInMs >= untilMs) {
        throw new KafkaError('API_TIMED_OUT', `the ${what} did not succeed in time: ${failure.message}`, {
          cause: failure,
        })
      }
      await waits.sleep(retryInMs)
    }
  }

  async #commitOnce(offsets: PartitionMap<OffsetAndMetadata>): Promise<void> {
    const { connection, committer, groupId } = this.#options
    const identity = committer.identity()
    const topics = this.#topicsOf(offsets.keys())
    const maxVersion = topics.every(({ topicId }) => topicId !== undefined) ? undefined : usesTopicIdsSince - 1
    const { memberId, generationIdOrMemberEpoch, groupInstanceId } = identity
    const body = {
      groupId,
      memberId,
      generationIdOrMemberEpoch,
      groupInstanceId,
      topics: topics.map(({ topic, topicId, partitions }) => ({
        name: topic,
        ...(topicId === undefined ? {} : { topicId }),
        partitions: partitions.map((partition) => {
          const { offset, leaderEpoch, metadata } = offsets.get({ topic, partition })!
          return {
            partitionIndex: partition,
            committedOffset: offset,
            committedLeaderEpoch: leaderEpoch ?? -1,
            committedMetadata: metadata,
          }
        }),
      })),
    }
    const response = await connection.request(offsetCommitApi, () => body, asked(maxVersion))
    const names = new Map(topics.map(({ topic, topicId }) => [topicId, topic]))
    for (const { name, topicId, partitions } of response.topics) {
      const topic = name === '' ? names.get(topicId) : name
      for (const { partitionIndex, errorCode } of partitions) {
        if (errorCode !== 0) throw this.#commitError(errorCode, { identity, topic, partition: partitionIndex })
      }
    }
  }

  #commitError(
    code: number,
    { identity, topic, partition }: { identity: GroupIdentity; topic: string | undefined; partition: number },
  ): KafkaError {
    const { name } = errorByCode(code)
    if (membershipErrors.has(name)) return this.#options.committer.refused(name, identity)
    return KafkaError.fromCode(code, { api: 'OffsetCommit', topic, partition })
  }

  async #fetchOnce(partitions: readonly TopicPartition[]): Promise<PartitionMap<OffsetAndMetadata | null>> {
    const { connection, groupId } = this.#options
    const topics = this.#topicsOf(partitions)
    const maxVersion = topics.every(({ topicId }) => topicId !== undefined) ? undefined : usesTopicIdsSince - 1
    const asked = topics.map(({ topic: name, topicId, partitions: partitionIndexes }) => ({
      name,
      partitionIndexes,
      ...(topicId === undefined ? {} : { topicId }),
    }))
    const response = await connection.request(
      offsetFetchApi,
      (version) => {
        const requireStable = version >= asksForStableSince
        if (version < asksForGroupsSince) {
          const oldTopics = asked.map(({ name, partitionIndexes }) => ({ name, partitionIndexes }))
          return { groupId, topics: oldTopics, ...(requireStable ? { requireStable } : {}) }
        }
        return { groups: [{ groupId, topics: asked, ...this.#memberOf() }], requireStable }
      },
      maxVersion === undefined ? {} : { maxVersion },
    )
    const group = response.groups[0] ?? response
    if (group.errorCode !== 0) throw groupError(group.errorCode)
    const names = new Map(topics.map(({ topic, topicId }) => [topicId, topic]))
    const found = new PartitionMap<OffsetAndMetadata | null>()
    for (const answered of group.topics) {
      const topic =
        answered.name !== '' ? answered.name : 'topicId' in answered ? names.get(answered.topicId) : undefined
      if (topic === undefined) continue
      for (const {
        partitionIndex,
        committedOffset,
        committedLeaderEpoch,
        metadata,
        errorCode,
      } of answered.partitions) {
        if (errorCode !== 0) throw fetchError(errorCode, { topic, partition: partitionIndex })
        const leaderEpoch = committedLeaderEpoch < 0 ? null : committedLeaderEpoch
        const committed = { offset: committedOffset, leaderEpoch, metadata: metadata ?? '' }
        found.set({ topic, partition: partitionIndex }, committedOffset < 0 ? null : committed)
      }
    }
    return found
  }

  /** Members of the new protocol say who they are; a member that is not in the group at the moment asks as anybody may. */
  #memberOf(): { readonly memberId?: string; readonly memberEpoch?: number } {
    const { committer } = this.#options
    try {
      const { memberId, generationIdOrMemberEpoch, isConsumerProtocol } = committer.identity()
      return isConsumerProtocol ? { memberId, memberEpoch: generationIdOrMemberEpoch } : {}
    } catch (error) {
      if (error instanceof KafkaError) return {}
      throw error
    }
  }

  #topicsOf(partitions: Iterable<TopicPartition>): {
    readonly topic: string
    readonly topicId: string | undefined
    readonly partitions: number[]
  }[] {
    const { metadata } = this.#options.core
    const byTopic = new Map<string, number[]>()
    for (const { topic, partition } of partitions) {
      const known = byTopic.get(topic)
      if (known === undefined) byTopic.set(topic, [partition])
      else known.push(partition)
    }
    return Array.from(byTopic, ([topic, numbers]) => ({
      topic,
      topicId: metadata.topic(topic)?.topicId,
      partitions: numbers,
    }))
  }

  #now(): number {
    return this.#options.core.context.clock.monotonicMs()
  }
}

function asked(maxVersion: number | undefined): { readonly maxVersion?: number } {
  return maxVersion === undefined ? {} : { maxVersion }
}

/** A rebalance is not waited for: only the application's next poll can end it. */
function isRepeated(error: KafkaError): boolean {
  return error.retriable && error.code !== 'REBALANCE_IN_PROGRESS' ? true : error.code === 'STALE_MEMBER_EPOCH'
}

/** A member that was removed hears of it by a heartbeat; until then it asks again, and afterwards as anybody may. */
function groupError(code: number): KafkaError {
  const error = KafkaError.fromCode(code, { api: 'OffsetFetch' })
  if (error.code !== 'UNKNOWN_MEMBER_ID') return error
  return new KafkaError('STALE_MEMBER_EPOCH', error.message, { cause: error, context: error.context })
}

function fetchError(code: number, { topic, partition }: TopicPartition): KafkaError {
  const { name } = errorByCode(code)
  if (name !== 'UNKNOWN_TOPIC_OR_PARTITION') return KafkaError.fromCode(code, { api: 'OffsetFetch', topic, partition })
  return new KafkaError('INVALID_TOPIC_EXCEPTION', `partition ${topic}-${partition} does not exist`, {
    context: { api: 'OffsetFetch', topic, partition },
  })
}

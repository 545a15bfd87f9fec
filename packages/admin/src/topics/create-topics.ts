import { type CreateTopicsResponse, createTopicsRequest, createTopicsResponse } from '@odradek/protocol/messages'
import { type ConfigEntry, configEntry } from '../configs/config-entry.ts'
import type { AdminCall, CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { errorNames, toController } from '../core/routes.ts'

/** A topic to be made. Kafka: `NewTopic`. */
export interface NewTopic {
  readonly topic: string
  /** How many; `num.partitions` of the broker when left out. */
  readonly partitions?: number | undefined
  /** Replicas of each partition; `default.replication.factor` of the broker when left out. */
  readonly replicationFactor?: number | undefined
  /** Brokers of each partition, the preferred leader first, by partition; instead of `partitions` and `replicationFactor`. */
  readonly assignments?: readonly (readonly number[])[] | undefined
  readonly configs?: Readonly<Record<string, string>> | undefined
}

/** A topic that was made. Kafka: `TopicMetadataAndConfig`. */
export interface CreatedTopic {
  readonly topic: string
  readonly topicId: string
  /** -1 when the user may not see it. */
  readonly partitions: number
  /** -1 when the user may not see it. */
  readonly replicationFactor: number
  /** Null when the user may not see them. */
  readonly configs: readonly ConfigEntry[] | null
}

/** How topics and partitions are made. */
export interface CreateOptions extends CallOptions {
  /** Checks, and makes nothing. */
  readonly validateOnly?: boolean | undefined
  /** Whether to try again when a quota of the controller is exceeded; true when left out (KIP-599). */
  readonly retryOnQuotaViolation?: boolean | undefined
}

/** Errors that `retryOnQuotaViolation` retries. */
export function quotaRetries(options: { readonly retryOnQuotaViolation?: boolean | undefined }): ReadonlySet<string> {
  return options.retryOnQuotaViolation === false ? errorNames() : errorNames('THROTTLING_QUOTA_EXCEEDED')
}

const createTopicsApi = { request: createTopicsRequest, response: createTopicsResponse }

/** Makes topics. */
export function createTopics(
  core: AdminCore,
  topics: Iterable<NewTopic>,
  options: CreateOptions = {},
): Promise<Results<CreatedTopic>> {
  const plan = {
    name: 'createTopics',
    api: createTopicsApi,
    route: toController,
    retryOn: quotaRetries(options),
    request: (given: readonly NewTopic[], { call }: { readonly call: AdminCall }) => ({
      topics: given.map(creatable),
      timeoutMs: call.workTimeoutMs,
      validateOnly: options.validateOnly ?? false,
    }),
    read: (response: CreateTopicsResponse) =>
      response.topics.map((row) => [row.name, resultOf(row, { topic: row.name }, () => created(row))] as const),
  }
  return forEachItem(core, plan, { items: named(topics, ({ topic }) => topic), options })
}

function creatable({ topic, partitions, replicationFactor, assignments, configs = {} }: NewTopic) {
  return {
    name: topic,
    numPartitions: assignments === undefined ? (partitions ?? -1) : -1,
    replicationFactor: assignments === undefined ? (replicationFactor ?? -1) : -1,
    assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
  }
}

function created(row: CreateTopicsResponse['topics'][number]): CreatedTopic {
  const { name: topic, topicId, numPartitions: partitions, replicationFactor, configs } = row
  return { topic, topicId, partitions, replicationFactor, configs: configs?.map(configEntry) ?? null }
}

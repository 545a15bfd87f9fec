import { deleteTopicsRequest, deleteTopicsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, resultOf } from '../core/answer-error.ts'
import { forEachItem } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import type { Results } from '../core/results.ts'
import { toController } from '../core/routes.ts'
import { quotaRetries } from './create-topics.ts'
import { selectTopics, type TopicSelection } from './topic-selection.ts'

/** How topics are deleted. */
export interface DeleteTopicsOptions extends CallOptions {
  /** Whether to try again when a quota of the controller is exceeded; true when left out (KIP-599). */
  readonly retryOnQuotaViolation?: boolean | undefined
}

const deleteTopicsApi = { request: deleteTopicsRequest, response: deleteTopicsResponse }
const firstVersionOfIds = 6

/** Deletes topics by name or id. */
export function deleteTopics(
  core: AdminCore,
  topics: TopicSelection,
  options: DeleteTopicsOptions = {},
): Promise<Results<null>> {
  const plan = {
    name: 'deleteTopics',
    api: deleteTopicsApi,
    route: toController,
    retryOn: quotaRetries(options),
  }
  const { names, topicIds } = selectTopics(topics)
  if (topicIds !== undefined) {
    return forEachItem(
      core,
      {
        ...plan,
        request: (ids, { call, version }) => {
          needsVersion(version, firstVersionOfIds, 'topic ids')
          return { topics: ids.map((topicId) => ({ name: null, topicId })), timeoutMs: call.workTimeoutMs }
        },
        read: ({ responses }) => responses.map((row) => [row.topicId, resultOf(row, { topic: row.topicId }, done)]),
      },
      { items: topicIds, options },
    )
  }
  return forEachItem(
    core,
    {
      ...plan,
      request: (given, { call, version }) => {
        const timeoutMs = call.workTimeoutMs
        if (version < firstVersionOfIds) return { topicNames: given, timeoutMs }
        return { topics: given.map((name) => ({ name })), timeoutMs }
      },
      read: ({ responses }) => responses.map((row) => [row.name ?? '', resultOf(row, { topic: row.name ?? '' }, done)]),
    },
    { items: names, options },
  )
}

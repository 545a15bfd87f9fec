import { metadataRequest, metadataResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'

/** A topic that the user may see. Kafka: `TopicListing`. */
export interface TopicListing {
  readonly topic: string
  readonly topicId: string
  readonly isInternal: boolean
}

/** Which topics are listed. */
export interface ListTopicsOptions extends CallOptions {
  /** Internal topics, too, such as `__consumer_offsets`; false when left out. */
  readonly listInternal?: boolean | undefined
}

const metadataApi = { request: metadataRequest, response: metadataResponse }

/** All topics that the user may see, by name. */
export function listTopics(core: AdminCore, options: ListTopicsOptions = {}): Promise<readonly TopicListing[]> {
  return core.run('listTopics', options, async (call) => {
    const { response } = await call.ask({
      api: metadataApi,
      to: 'any',
      body: (version) => (version < 4 ? { topics: version === 0 ? [] : null } : { topics: null }),
    })
    call.core.view.takeMetadata(response)
    return response.topics
      .map(({ name, topicId, isInternal }) => ({ topic: name ?? '', topicId, isInternal }))
      .filter(({ isInternal }) => options.listInternal === true || !isInternal)
      .sort((a, b) => (a.topic < b.topic ? -1 : 1))
  })
}

import { electLeadersRequest, electLeadersResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { needsVersion } from '../core/needs-version.ts'
import type { Results } from '../core/results.ts'
import { byTopic, partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** Whether the preferred replica is elected, or any that is alive although it may lack records. Kafka: `ElectionType`. */
export type ElectionType = 'PREFERRED' | 'UNCLEAN'

const electLeadersApi = { request: electLeadersRequest, response: electLeadersResponse }
const typeCodes = { PREFERRED: 0, UNCLEAN: 1 } as const

/** What is elected. */
export interface Election {
  readonly type: ElectionType
  /** All partitions that need it when left out. */
  readonly partitions?: Iterable<TopicPartition> | undefined
}

/** Elects leaders. A partition that needs no election has the error ELECTION_NOT_NEEDED (KIP-460). */
export function electLeaders(
  core: AdminCore,
  { type, partitions }: Election,
  options: CallOptions = {},
): Promise<Results<null>> {
  return core.run('electLeaders', options, async (call) => {
    const topicPartitions =
      partitions === undefined
        ? null
        : [...byTopic(partitions)].map(([topic, items]) => ({
            topic,
            partitions: items.map(({ partition }) => partition),
          }))
    const { response } = await call.ask({
      api: electLeadersApi,
      to: 'controller',
      body: (version) => {
        if (type === 'UNCLEAN') needsVersion(version, 1, 'unclean elections')
        const electionType = version < 1 ? {} : { electionType: typeCodes[type] }
        return { ...electionType, topicPartitions, timeoutMs: call.workTimeoutMs }
      },
      check: errorOf,
    })
    return new Map(
      response.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
        partitionResult.map((row) => {
          const where = { topic, partition: row.partitionId }
          return [partitionName(where), resultOf(row, where, done)] as const
        }),
      ),
    )
  })
}

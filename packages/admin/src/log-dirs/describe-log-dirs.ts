import {
  type DescribeLogDirsResponse,
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf, resultOf } from '../core/answer-error.ts'
import { askBrokers } from '../core/each-broker.ts'
import type { Results } from '../core/results.ts'
import { partitionName, type TopicPartition } from '../core/topic-partition.ts'

/** A replica in a log directory. Kafka: `ReplicaInfo`. */
export interface LogDirReplica extends TopicPartition {
  /** Bytes of its segments. */
  readonly size: number
  /** By how many offsets it is behind: of the high watermark, or a future replica of the current one. */
  readonly offsetLag: number
  /** Whether it is being moved here and will then replace the current one. */
  readonly isFuture: boolean
}

/** A log directory of a broker. Kafka: `LogDirDescription`. */
export interface LogDirDescription {
  readonly logDir: string
  /** By the names of partitions. */
  readonly replicas: ReadonlyMap<string, LogDirReplica>
  /** Bytes of the volume; null when the broker does not tell. */
  readonly totalBytes: number | null
  /** Bytes free on the volume; null when the broker does not tell. */
  readonly usableBytes: number | null
  /** Whether it takes no new replicas. */
  readonly isCordoned: boolean
}

/** The log directories of a broker by path. One that is offline has the error KAFKA_STORAGE_ERROR. */
export type BrokerLogDirs = Results<LogDirDescription>

const describeLogDirsApi = { request: describeLogDirsRequest, response: describeLogDirsResponse }

/** The log directories of brokers, by broker id and path. */
export function describeLogDirs(
  core: AdminCore,
  brokerIds: Iterable<number>,
  options: CallOptions = {},
): Promise<Results<BrokerLogDirs, number>> {
  return core.run('describeLogDirs', options, (call) =>
    askBrokers(call, [...brokerIds], async (brokerId) => {
      const { response } = await call.ask({
        api: describeLogDirsApi,
        to: brokerId,
        body: { topics: null },
        check: errorOf,
      })
      return new Map(response.results.map((row) => [row.logDir, resultOf(row, {}, () => description(row))] as const))
    }),
  )
}

function description(row: DescribeLogDirsResponse['results'][number]): LogDirDescription {
  const { logDir, totalBytes, usableBytes, isCordoned } = row
  const replicas = row.topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex: partition, partitionSize: size, offsetLag, isFutureKey: isFuture }) => {
      return { topic, partition, size, offsetLag, isFuture }
    }),
  )
  return {
    logDir,
    replicas: new Map(replicas.map((replica) => [partitionName(replica), replica] as const)),
    totalBytes: totalBytes < 0 ? null : totalBytes,
    usableBytes: usableBytes < 0 ? null : usableBytes,
    isCordoned,
  }
}

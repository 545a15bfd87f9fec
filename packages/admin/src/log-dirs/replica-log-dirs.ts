import {
  alterReplicaLogDirsRequest,
  alterReplicaLogDirsResponse,
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { failAll } from '../core/one-for-all.ts'
import type { Results } from '../core/results.ts'
import { toNode } from '../core/routes.ts'
import { byTopic, groupedBy, type TopicPartition } from '../core/topic-partition.ts'

/** A replica of a partition on a broker. Kafka: `TopicPartitionReplica`. */
export interface TopicPartitionReplica extends TopicPartition {
  readonly brokerId: number
}

/** A replica and the log directory that it shall move to. */
export interface ReplicaMove extends TopicPartitionReplica {
  /** The path as the broker's `log.dirs` has it. */
  readonly logDir: string
}

/** Where a replica is, and where it is being moved. Kafka: `ReplicaLogDirInfo`. */
export interface ReplicaLogDirInfo extends TopicPartitionReplica {
  /** Null when the broker has no such replica. */
  readonly currentLogDir: string | null
  readonly currentOffsetLag: number
  /** Null when it is not being moved. */
  readonly futureLogDir: string | null
  readonly futureOffsetLag: number
}

const alterReplicaLogDirsApi = { request: alterReplicaLogDirsRequest, response: alterReplicaLogDirsResponse }
const describeLogDirsApi = { request: describeLogDirsRequest, response: describeLogDirsResponse }
const notKnown = -1

/** What a replica is called in results: `orders-0-1`, the broker last. */
export function replicaName({ topic, partition, brokerId }: TopicPartitionReplica): string {
  return `${topic}-${partition}-${brokerId}`
}

/** Moves replicas between the log directories of their brokers (KIP-113). */
export function alterReplicaLogDirs(
  core: AdminCore,
  moves: Iterable<ReplicaMove>,
  options: CallOptions = {},
): Promise<Results<null>> {
  return forEachItem(
    core,
    {
      name: 'alterReplicaLogDirs',
      api: alterReplicaLogDirsApi,
      route: toNode((move: ReplicaMove) => move.brokerId),
      request: (given) => ({
        dirs: [...groupedBy(given, ({ logDir }) => logDir)].map(([path, replicas]) => ({
          path,
          topics: [...byTopic(replicas)].map(([name, items]) => ({
            name,
            partitions: items.map(({ partition }) => partition),
          })),
        })),
      }),
      read: ({ results }, { node: { nodeId: brokerId } }) =>
        results.flatMap(({ topicName: topic, partitions }) =>
          partitions.map((row) => {
            const where = { topic, partition: row.partitionIndex }
            return [replicaName({ ...where, brokerId }), resultOf(row, where, done)] as const
          }),
        ),
    },
    { items: named(moves, replicaName), options },
  )
}

/** The log directories of replicas. */
export function describeReplicaLogDirs(
  core: AdminCore,
  replicas: Iterable<TopicPartitionReplica>,
  options: CallOptions = {},
): Promise<Results<ReplicaLogDirInfo>> {
  return forEachItem(
    core,
    {
      name: 'describeReplicaLogDirs',
      api: describeLogDirsApi,
      route: toNode((replica: TopicPartitionReplica) => replica.brokerId),
      request: (given) => ({
        topics: [...byTopic(given)].map(([topic, items]) => ({
          topic,
          partitions: items.map(({ partition }) => partition),
        })),
      }),
      read: (response, { items }) => {
        const error = errorOf(response)
        if (error !== undefined) return failAll(items.keys(), error)
        const found = new Map([...items].map(([name, item]) => [name, withoutLogDir(item)] as const))
        for (const { logDir, topics, errorCode } of response.results) {
          if (errorCode !== 0) continue
          for (const { name: topic, partitions } of topics) {
            for (const row of partitions) {
              const name = [...items].find(([, { partition, topic: asked }]) => {
                return asked === topic && partition === row.partitionIndex
              })?.[0]
              if (name === undefined) continue
              const place = row.isFutureKey
                ? { futureLogDir: logDir, futureOffsetLag: row.offsetLag }
                : { currentLogDir: logDir, currentOffsetLag: row.offsetLag }
              found.set(name, { ...found.get(name)!, ...place })
            }
          }
        }
        return [...found].map(([name, value]) => [name, { value }] as const)
      },
    },
    { items: named(replicas, replicaName), options },
  )
}

function withoutLogDir({ topic, partition, brokerId }: TopicPartitionReplica): ReplicaLogDirInfo {
  const nowhere = {
    currentLogDir: null,
    currentOffsetLag: notKnown,
    futureLogDir: null,
    futureOffsetLag: notKnown,
  }
  return { topic, partition, brokerId, ...nowhere }
}

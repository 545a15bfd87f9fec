import type { LogDirectory } from '@odradek/log'
import { errors, type Input } from '@odradek/protocol'
import {
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
  type DescribeLogDirsResponseResult,
  describeLogDirsRequest,
  describeLogDirsResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'
import { cordonedLogDirs } from '../metadata/cordoned-log-dirs.ts'
import type { Partition } from '../partitions/partition.ts'

/** DescribeLogDirs, versions 1 to 5 (KIP-113; sizes of the volume since 4, KIP-827; cordoned since 5, KIP-1066). */
export const describeLogDirs = defineHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>({
  request: describeLogDirsRequest,
  response: describeLogDirsResponse,
  handle(request, { broker }) {
    const wanted = [...broker.partitions.all()].filter((partition) => isWanted(partition, request))
    const cordoned = cordonedLogDirs(broker)
    const results = broker.logs.directories.map((directory) => ({
      ...describe(directory, wanted),
      isCordoned: cordoned.has(directory),
    }))
    return { results }
  },
})

function isWanted(partition: Partition, request: DescribeLogDirsRequest): boolean {
  if (request.topics === null) return true
  return request.topics.some(
    ({ topic, partitions }) => topic === partition.topic && partitions.includes(partition.index),
  )
}

function describe(directory: LogDirectory, wanted: readonly Partition[]): Input<DescribeLogDirsResponseResult> {
  const logDir = directory.path
  if (directory.failure !== undefined) return { errorCode: errors.KAFKA_STORAGE_ERROR.code, logDir }
  const byTopic = new Map<string, Partition[]>()
  for (const partition of wanted) {
    if (directory.log(partition.log.topicPartition) !== partition.log) continue
    const partitions = byTopic.get(partition.topic)
    if (partitions === undefined) byTopic.set(partition.topic, [partition])
    else partitions.push(partition)
  }
  const topics = [...byTopic].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ index, log }) => ({ partitionIndex: index, partitionSize: log.sizeInBytes })),
  }))
  return { logDir, topics, ...directory.space() }
}

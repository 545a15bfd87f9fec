import { type ErrorName, errors, type Input } from '@odradek/protocol'
import {
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
  describeQuorumRequest,
  describeQuorumResponse,
} from '@odradek/protocol/messages'
import type { ReplicaProgress } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'

const metadataTopic = '__cluster_metadata'

/** DescribeQuorum, versions 0 to 2 (KIP-595; fetch times since 1, KIP-836; directories, nodes and messages since 2, KIP-853). */
export const describeQuorum = defineHandler<DescribeQuorumRequest, DescribeQuorumResponse>({
  request: describeQuorumRequest,
  response: describeQuorumResponse,
  handle(request, { broker, apiVersion }) {
    const [topic] = request.topics
    const isMetadata = topic?.topicName === metadataTopic && topic.partitions[0]?.partitionIndex === 0
    if (request.topics.length !== 1 || topic?.partitions.length !== 1 || !isMetadata) {
      return refuse(request, 'UNKNOWN_TOPIC_OR_PARTITION')
    }
    const { metadata, clock } = broker
    const { raft } = metadata
    if (raft.role !== 'leader') return refuse(request, 'NOT_LEADER_OR_FOLLOWER')
    const replicas = [...raft.replicas.values()].map((replica) =>
      told(replica, { leaderId: broker.nodeId, now: clock.now(), withDirectory: apiVersion >= 2 }),
    )
    const isVoter = (id: number) => metadata.voters.some((voter) => voter.id === id)
    const partition = {
      partitionIndex: 0,
      leaderId: broker.nodeId,
      leaderEpoch: raft.epoch,
      highWatermark: metadata.highWatermark,
      currentVoters: replicas.filter((replica) => isVoter(replica.replicaId)),
      observers: replicas.filter((replica) => !isVoter(replica.replicaId)),
    }
    const nodes = metadata.image.cluster.controllers().map((controller) => ({
      nodeId: controller.controllerId,
      listeners: controller.endPoints.map(({ name, host, port }) => ({ name, host, port })),
    }))
    const topics = [{ topicName: metadataTopic, partitions: [partition] }]
    return { topics, ...(apiVersion >= 2 ? { nodes } : {}) }
  },
})

/** Every partition that was asked for, with the error; the request as a whole has none. */
function refuse({ topics }: DescribeQuorumRequest, error: ErrorName): Input<DescribeQuorumResponse> {
  const { code: errorCode, message: errorMessage } = errors[error]
  return {
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
    })),
  }
}

/** The leader's own log is always caught up, at the time of asking. */
function told(
  replica: ReplicaProgress,
  {
    leaderId,
    now,
    withDirectory,
  }: { readonly leaderId: number; readonly now: number; readonly withDirectory: boolean },
) {
  const isLeader = replica.id === leaderId
  return {
    replicaId: replica.id,
    ...(withDirectory ? { replicaDirectoryId: replica.directoryId } : {}),
    logEndOffset: replica.logEndOffset,
    lastFetchTimestamp: isLeader ? now : replica.lastFetchMs,
    lastCaughtUpTimestamp: isLeader ? now : replica.lastCaughtUpMs,
  }
}

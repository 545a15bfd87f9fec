import { errors, type Input } from '@odradek/protocol'
import type {
  AlterPartitionRequest,
  AlterPartitionRequestPartitionData,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
  PartitionChangeRecord,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import type { PartitionRegistration, TopicImage } from '../image/topics-image.ts'
import { recordVersionsAt } from '../metadata-version.ts'
import type { ControllerContext, ControllerResult } from './operation.ts'

/** AlterPartition (KIP-497, KIP-704): a leader tells the controller the in-sync replicas it wants, and that it has recovered. */
export function alterPartition(
  request: AlterPartitionRequest,
  context: ControllerContext,
): ControllerResult<Input<AlterPartitionResponse>> {
  const broker = context.image.cluster.broker(request.brokerId)
  if (broker?.brokerEpoch !== request.brokerEpoch) {
    return { records: [], response: { errorCode: errors.STALE_BROKER_EPOCH.code } }
  }
  const records: MetadataRecord[] = []
  const version = recordVersionsAt(context.image.features.metadataVersion).partitionChange
  const topics = request.topics.map(({ topicId, partitions }) => {
    const topic = context.image.topics.byId(topicId)
    const results = partitions.map((partition) => {
      const checked = check(partition, topic, { brokerId: request.brokerId, context })
      if ('errorCode' in checked) return { partitionIndex: partition.partitionIndex, errorCode: checked.errorCode }
      if (checked.record !== null) records.push({ type: 'PartitionChangeRecord', version, record: checked.record })
      return checked.answer
    })
    return { topicId, partitions: results }
  })
  return { records, response: { topics } }
}

type Checked =
  | { readonly errorCode: number }
  | { readonly record: PartitionChangeRecord | null; readonly answer: Input<AlterPartitionResponsePartitionData> }

function check(
  wanted: AlterPartitionRequestPartitionData,
  topic: TopicImage | undefined,
  { brokerId, context }: { readonly brokerId: number; readonly context: ControllerContext },
): Checked {
  if (topic === undefined) return { errorCode: errors.UNKNOWN_TOPIC_ID.code }
  const partition = topic.partitions.get(wanted.partitionIndex)
  if (partition === undefined) return { errorCode: errors.UNKNOWN_TOPIC_OR_PARTITION.code }
  const isr = isrOf(wanted)
  const errorCode = refusal(wanted, { partition, isr, brokerId, context })
  if (errorCode !== 0) return { errorCode }
  const sameIsr = isr.length === partition.isr.length && isr.every((id) => partition.isr.includes(id))
  const sameState = wanted.leaderRecoveryState === partition.leaderRecoveryState
  const changes = !sameIsr || !sameState
  const answer = {
    partitionIndex: wanted.partitionIndex,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    isr,
    leaderRecoveryState: wanted.leaderRecoveryState,
    partitionEpoch: partition.partitionEpoch + Number(changes),
  }
  if (!changes) return { record: null, answer }
  const record: PartitionChangeRecord = {
    partitionId: wanted.partitionIndex,
    topicId: topic.topicId,
    isr: sameIsr ? null : isr,
    leader: -2,
    replicas: null,
    removingReplicas: null,
    addingReplicas: null,
    leaderRecoveryState: sameState ? -1 : wanted.leaderRecoveryState,
    directories: null,
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  }
  return { record, answer }
}

/** The checks of Kafka's validateAlterPartitionData, in its order; 0 when the change may be made. */
function refusal(
  wanted: AlterPartitionRequestPartitionData,
  at: {
    readonly partition: PartitionRegistration
    readonly isr: readonly number[]
    readonly brokerId: number
    readonly context: ControllerContext
  },
): number {
  const { partition, isr } = at
  if (wanted.leaderEpoch > partition.leaderEpoch || wanted.partitionEpoch > partition.partitionEpoch) {
    return errors.NOT_CONTROLLER.code
  }
  if (wanted.leaderEpoch < partition.leaderEpoch) return errors.FENCED_LEADER_EPOCH.code
  if (at.brokerId !== partition.leader) return errors.INVALID_REQUEST.code
  if (wanted.partitionEpoch < partition.partitionEpoch) return errors.INVALID_UPDATE_VERSION.code
  if (isr.length === 0 || isr.some((id) => !partition.replicas.includes(id))) return errors.INVALID_REQUEST.code
  if (!isr.includes(partition.leader)) return errors.INVALID_REQUEST.code
  if (wanted.leaderRecoveryState === 1 && isr.length > 1) return errors.INVALID_REQUEST.code
  if (wanted.leaderRecoveryState === 1 && partition.leaderRecoveryState === 0) return errors.INVALID_REQUEST.code
  if (isr.some((id) => !at.context.image.cluster.isActive(id))) return errors.INELIGIBLE_REPLICA.code
  return 0
}

/** Version 2 names the replicas, version 3 their broker epochs too (KIP-903). */
function isrOf(wanted: AlterPartitionRequestPartitionData): number[] {
  return wanted.newIsr.length > 0 ? wanted.newIsr : wanted.newIsrWithEpochs.map((replica) => replica.brokerId)
}

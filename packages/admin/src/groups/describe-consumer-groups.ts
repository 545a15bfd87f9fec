/**
 * Consumer groups of either protocol. Nobody knows which one a group speaks before it was asked: ConsumerGroupDescribe comes first
 * (KIP-848), and what the coordinator does not find there, or does not serve, is asked for as a classic group.
 */
import { KafkaError } from '@odradek/client'
import {
  type ConsumerGroupDescribeResponse,
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from '@odradek/protocol/messages'
import type { AclOperation } from '../acls/acl-names.ts'
import type { AdminCall } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { authorizedOperations } from '../core/authorized-operations.ts'
import { askForItems, named } from '../core/item-call.ts'
import type { Result, Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import type { TopicPartition } from '../core/topic-partition.ts'
import {
  type ClassicGroupDescription,
  classicGroupsPlan,
  type DescribeGroupsOptions,
} from './describe-classic-groups.ts'
import { assignedPartitions, type Coordinator, coordinatorOf } from './group-member.ts'
import { type GroupState, type GroupType, groupState } from './group-state.ts'

/** A consumer of a group. Kafka: `MemberDescription`. */
export interface ConsumerGroupMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Null in a classic group. */
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly assignment: readonly TopicPartition[]
  /** What it shall have in the end; null in a classic group. */
  readonly targetAssignment: readonly TopicPartition[] | null
  /** Null in a classic group. */
  readonly memberEpoch: number | null
  /** Whether it speaks the consumer protocol rather than the classic one; null when it is not known. */
  readonly isUpgraded: boolean | null
}

/** A group of consumers. Kafka: `ConsumerGroupDescription`. */
export interface ConsumerGroupDescription {
  readonly groupId: string
  readonly type: GroupType
  readonly state: GroupState
  /** Whether it has offsets only, and never had members. */
  readonly isSimpleConsumerGroup: boolean
  readonly members: readonly ConsumerGroupMember[]
  /** The assignor; empty while the members have not agreed. */
  readonly partitionAssignor: string
  readonly coordinator: Coordinator
  /** What the user may do; null unless asked for. */
  readonly authorizedOperations: readonly AclOperation[] | null
  /** Null in a classic group. */
  readonly groupEpoch: number | null
  /** Null in a classic group. */
  readonly targetAssignmentEpoch: number | null
}

type GroupRow = ConsumerGroupDescribeResponse['groups'][number]

const consumerGroupDescribeApi = { request: consumerGroupDescribeRequest, response: consumerGroupDescribeResponse }
const memberTypes = { classic: 0, consumer: 1 } as const

/** Describes groups of consumers. */
export function describeConsumerGroups(
  core: AdminCore,
  groupIds: Iterable<string>,
  options: DescribeGroupsOptions = {},
): Promise<Results<ConsumerGroupDescription>> {
  const items = named(groupIds, (groupId) => groupId)
  return core.run('describeConsumerGroups', options, (call) => describeGroupsOfConsumers(call, items, options))
}

/** Describes groups of consumers within a call. */
export async function describeGroupsOfConsumers(
  call: AdminCall,
  items: ReadonlyMap<string, string>,
  options: DescribeGroupsOptions,
): Promise<Results<ConsumerGroupDescription>> {
  const includeAuthorizedOperations = options.includeAuthorizedOperations ?? false
  const newer = await askForItems(
    call,
    {
      name: call.name,
      api: consumerGroupDescribeApi,
      route: toCoordinator('group', (groupId: string) => groupId),
      request: (ids) => ({ groupIds: ids, includeAuthorizedOperations }),
      read: ({ groups }, { node }) =>
        groups.map((row) => [row.groupId, resultOf(row, {}, () => description(row, coordinatorOf(node)))] as const),
    },
    items,
  )
  const isOther = ({ error }: Result<unknown>) =>
    error?.code === 'GROUP_ID_NOT_FOUND' || error?.code === 'UNSUPPORTED_VERSION'
  const others = new Map([...items].filter(([groupId]) => isOther(newer.get(groupId)!)))
  if (others.size === 0) return newer
  const classic = await askForItems(call, classicGroupsPlan(call.name, options), others)
  return new Map([...newer].map(([groupId, result]) => [groupId, ofClassic(classic.get(groupId)) ?? result] as const))
}

function ofClassic(result: Result<ClassicGroupDescription> | undefined): Result<ConsumerGroupDescription> | undefined {
  if (result === undefined) return undefined
  if (result.error !== undefined) return result
  const { groupId, protocolType, protocolData, members, ...same } = result.value
  if (protocolType !== 'consumer' && protocolType !== '') {
    const kafkaMessage = `GroupId ${groupId} is not a consumer group (${protocolType}).`
    return { error: new KafkaError('GROUP_ID_NOT_FOUND', kafkaMessage, { kafkaMessage }) }
  }
  return {
    value: {
      ...same,
      groupId,
      type: 'Classic',
      partitionAssignor: protocolData,
      members: members.map((member) => ({
        ...member,
        rackId: null,
        targetAssignment: null,
        memberEpoch: null,
        isUpgraded: null,
      })),
      groupEpoch: null,
      targetAssignmentEpoch: null,
    },
  }
}

function description(row: GroupRow, coordinator: Coordinator): ConsumerGroupDescription {
  return {
    groupId: row.groupId,
    type: 'Consumer',
    state: groupState(row.groupState),
    isSimpleConsumerGroup: false,
    members: row.members.map(memberOf),
    partitionAssignor: row.assignorName,
    coordinator,
    authorizedOperations: authorizedOperations(row.authorizedOperations),
    groupEpoch: row.groupEpoch,
    targetAssignmentEpoch: row.assignmentEpoch,
  }
}

function memberOf(row: GroupRow['members'][number]): ConsumerGroupMember {
  const { memberId, instanceId, rackId, clientId, clientHost, memberEpoch, memberType } = row
  return {
    memberId,
    groupInstanceId: instanceId,
    rackId,
    clientId,
    clientHost,
    assignment: assignedPartitions(row.assignment),
    targetAssignment: assignedPartitions(row.targetAssignment),
    memberEpoch,
    isUpgraded: memberType < 0 ? null : memberType === memberTypes.consumer,
  }
}

import { Reader } from '@odradek/protocol'
import {
  consumerProtocolAssignment,
  type DescribeGroupsResponse,
  describeGroupsRequest,
  describeGroupsResponse,
} from '@odradek/protocol/messages'
import type { AclOperation } from '../acls/acl-names.ts'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { authorizedOperations } from '../core/authorized-operations.ts'
import { forEachItem, type ItemPlan, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import type { TopicPartition } from '../core/topic-partition.ts'
import { type Coordinator, coordinatorOf } from './group-member.ts'
import { type GroupState, groupState } from './group-state.ts'

/** A member of a classic group. Kafka: `MemberDescription`. */
export interface ClassicMemberDescription {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** Empty in a group that is not of consumers. */
  readonly assignment: readonly TopicPartition[]
}

/** A group of the classic protocol: of consumers, of Connect workers or any other. Kafka: `ClassicGroupDescription`. */
export interface ClassicGroupDescription {
  readonly groupId: string
  /** `consumer`, `connect` or empty. */
  readonly protocolType: string
  /** What the members agreed on: the assignor of consumers. */
  readonly protocolData: string
  readonly isSimpleConsumerGroup: boolean
  readonly state: GroupState
  readonly members: readonly ClassicMemberDescription[]
  readonly coordinator: Coordinator
  /** What the user may do; null unless asked for. */
  readonly authorizedOperations: readonly AclOperation[] | null
}

/** How groups are described. */
export interface DescribeGroupsOptions extends CallOptions {
  readonly includeAuthorizedOperations?: boolean | undefined
}

const describeGroupsApi = { request: describeGroupsRequest, response: describeGroupsResponse }
const consumerProtocol = 'consumer'

/** Describes groups of the classic protocol, whatever their members are. */
export function describeClassicGroups(
  core: AdminCore,
  groupIds: Iterable<string>,
  options: DescribeGroupsOptions = {},
): Promise<Results<ClassicGroupDescription>> {
  const items = named(groupIds, (groupId) => groupId)
  return forEachItem(core, classicGroupsPlan('describeClassicGroups', options), { items, options })
}

/** What is asked about classic groups. */
export function classicGroupsPlan(
  name: string,
  options: DescribeGroupsOptions,
): ItemPlan<string, ClassicGroupDescription, ReturnType<typeof describeGroupsRequest.read>, DescribeGroupsResponse> {
  const includeAuthorizedOperations = options.includeAuthorizedOperations ?? false
  return {
    name,
    api: describeGroupsApi,
    route: toCoordinator('group', (groupId: string) => groupId),
    request: (groups, { version }) => (version < 3 ? { groups } : { groups, includeAuthorizedOperations }),
    read: ({ groups }, { node }) =>
      groups.map((row) => [row.groupId, resultOf(row, {}, () => description(row, coordinatorOf(node)))] as const),
  }
}

function description(row: DescribeGroupsResponse['groups'][number], coordinator: Coordinator): ClassicGroupDescription {
  const { groupId, protocolType, protocolData } = row
  return {
    groupId,
    protocolType,
    protocolData,
    isSimpleConsumerGroup: protocolType === '',
    state: groupState(row.groupState),
    members: row.members.map(({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }) => ({
      memberId,
      groupInstanceId,
      clientId,
      clientHost,
      assignment: protocolType === consumerProtocol ? assignmentIn(memberAssignment) : [],
    })),
    coordinator,
    authorizedOperations: authorizedOperations(row.authorizedOperations),
  }
}

/** The partitions in an assignment of the consumer protocol: its version, then the assignment. */
function assignmentIn(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  const version = Math.min(reader.readInt16(), consumerProtocolAssignment.maxVersion)
  const { assignedPartitions } = consumerProtocolAssignment.read(reader, version)
  return assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

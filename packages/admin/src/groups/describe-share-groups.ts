import {
  type ShareGroupDescribeResponse,
  shareGroupDescribeRequest,
  shareGroupDescribeResponse,
} from '@odradek/protocol/messages'
import type { AclOperation } from '../acls/acl-names.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { authorizedOperations } from '../core/authorized-operations.ts'
import { forEachItem, named } from '../core/item-call.ts'
import type { Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import type { TopicPartition } from '../core/topic-partition.ts'
import type { DescribeGroupsOptions } from './describe-classic-groups.ts'
import { assignedPartitions, type Coordinator, coordinatorOf } from './group-member.ts'
import { type GroupState, groupState } from './group-state.ts'

/** A member of a share group. Kafka: `ShareMemberDescription`. */
export interface ShareGroupMember {
  readonly memberId: string
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly memberEpoch: number
  readonly subscribedTopicNames: readonly string[]
  readonly assignment: readonly TopicPartition[]
}

/** A share group (KIP-932). Kafka: `ShareGroupDescription`. */
export interface ShareGroupDescription {
  readonly groupId: string
  readonly state: GroupState
  readonly groupEpoch: number
  readonly targetAssignmentEpoch: number
  readonly assignorName: string
  readonly members: readonly ShareGroupMember[]
  readonly coordinator: Coordinator
  /** What the user may do; null unless asked for. */
  readonly authorizedOperations: readonly AclOperation[] | null
}

const shareGroupDescribeApi = { request: shareGroupDescribeRequest, response: shareGroupDescribeResponse }

/** Describes share groups. */
export function describeShareGroups(
  core: AdminCore,
  groupIds: Iterable<string>,
  options: DescribeGroupsOptions = {},
): Promise<Results<ShareGroupDescription>> {
  const includeAuthorizedOperations = options.includeAuthorizedOperations ?? false
  return forEachItem(
    core,
    {
      name: 'describeShareGroups',
      api: shareGroupDescribeApi,
      route: toCoordinator('group', (groupId: string) => groupId),
      request: (ids) => ({ groupIds: ids, includeAuthorizedOperations }),
      read: ({ groups }, { node }) =>
        groups.map((row) => [row.groupId, resultOf(row, {}, () => description(row, coordinatorOf(node)))]),
    },
    { items: named(groupIds, (groupId) => groupId), options },
  )
}

function description(
  row: ShareGroupDescribeResponse['groups'][number],
  coordinator: Coordinator,
): ShareGroupDescription {
  return {
    groupId: row.groupId,
    state: groupState(row.groupState),
    groupEpoch: row.groupEpoch,
    targetAssignmentEpoch: row.assignmentEpoch,
    assignorName: row.assignorName,
    members: row.members.map(
      ({ memberId, rackId, clientId, clientHost, memberEpoch, subscribedTopicNames, assignment }) => ({
        memberId,
        rackId,
        clientId,
        clientHost,
        memberEpoch,
        subscribedTopicNames,
        assignment: assignedPartitions(assignment),
      }),
    ),
    coordinator,
    authorizedOperations: authorizedOperations(row.authorizedOperations),
  }
}

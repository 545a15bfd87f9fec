import {
  type StreamsGroupDescribeResponse,
  streamsGroupDescribeRequest,
  streamsGroupDescribeResponse,
} from '@odradek/protocol/messages'
import type { AclOperation } from '../acls/acl-names.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { resultOf } from '../core/answer-error.ts'
import { authorizedOperations } from '../core/authorized-operations.ts'
import { forEachItem, named } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import type { Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import type { DescribeGroupsOptions } from './describe-classic-groups.ts'
import { type Coordinator, coordinatorOf } from './group-member.ts'
import { type GroupState, groupState } from './group-state.ts'

type GroupRow = StreamsGroupDescribeResponse['groups'][number]
type MemberRow = GroupRow['members'][number]

/** Tasks of a subtopology, by the numbers of partitions. Kafka: `StreamsGroupMemberAssignment.TaskIds`. */
export interface StreamsTasks {
  readonly subtopologyId: string
  readonly partitions: readonly number[]
}

/** The tasks of a member. Kafka: `StreamsGroupMemberAssignment`. */
export interface StreamsAssignment {
  readonly activeTasks: readonly StreamsTasks[]
  readonly standbyTasks: readonly StreamsTasks[]
  readonly warmupTasks: readonly StreamsTasks[]
}

/** How far a member is with a task. Kafka: `StreamsGroupMemberDescription.TaskOffset`. */
export interface StreamsTaskOffset {
  readonly subtopologyId: string
  readonly partition: number
  readonly offset: number
}

/** A member of a streams group. Kafka: `StreamsGroupMemberDescription`. */
export interface StreamsGroupMember {
  readonly memberId: string
  readonly memberEpoch: number
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly topologyEpoch: number
  readonly processId: string
  /** Where its queries are answered. */
  readonly userEndpoint: { readonly host: string; readonly port: number } | null
  readonly clientTags: Readonly<Record<string, string>>
  readonly taskOffsets: readonly StreamsTaskOffset[]
  readonly taskEndOffsets: readonly StreamsTaskOffset[]
  readonly assignment: StreamsAssignment
  readonly targetAssignment: StreamsAssignment
  /** Whether it speaks the classic protocol still. */
  readonly isClassic: boolean
}

/** A topic that streams make for themselves. Kafka: `StreamsGroupSubtopologyDescription.TopicInfo`. */
export interface StreamsTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly topicConfigs: Readonly<Record<string, string>>
}

/** A part of a topology. Kafka: `StreamsGroupSubtopologyDescription`. */
export interface StreamsSubtopology {
  readonly subtopologyId: string
  readonly sourceTopics: readonly string[]
  readonly repartitionSinkTopics: readonly string[]
  readonly stateChangelogTopics: readonly StreamsTopic[]
  readonly repartitionSourceTopics: readonly StreamsTopic[]
}

/** A streams group (KIP-1071). Kafka: `StreamsGroupDescription`. */
export interface StreamsGroupDescription {
  readonly groupId: string
  readonly state: GroupState
  readonly groupEpoch: number
  readonly targetAssignmentEpoch: number
  /** Null when it is not known. */
  readonly topologyEpoch: number | null
  readonly subtopologies: readonly StreamsSubtopology[]
  readonly members: readonly StreamsGroupMember[]
  readonly coordinator: Coordinator
  /** What the user may do; null unless asked for. */
  readonly authorizedOperations: readonly AclOperation[] | null
  /** Null when the broker does not tell. */
  readonly assignorName: string | null
  /** The topology as the application draws it, node by node; null unless asked for and known. */
  readonly topologyDescription: GroupRow['topologyDescription']
}

/** How streams groups are described. */
export interface DescribeStreamsGroupsOptions extends DescribeGroupsOptions {
  readonly includeTopologyDescription?: boolean | undefined
}

const streamsGroupDescribeApi = { request: streamsGroupDescribeRequest, response: streamsGroupDescribeResponse }

/** Describes streams groups. */
export function describeStreamsGroups(
  core: AdminCore,
  groupIds: Iterable<string>,
  options: DescribeStreamsGroupsOptions = {},
): Promise<Results<StreamsGroupDescription>> {
  const includeAuthorizedOperations = options.includeAuthorizedOperations ?? false
  const wantsTopology = options.includeTopologyDescription === true
  return forEachItem(
    core,
    {
      name: 'describeStreamsGroups',
      api: streamsGroupDescribeApi,
      route: toCoordinator('group', (groupId: string) => groupId),
      request: (ids, { version }) => {
        if (wantsTopology) needsVersion(version, 1, 'the description of a topology')
        const topology = wantsTopology ? { includeTopologyDescription: true } : {}
        return { groupIds: ids, includeAuthorizedOperations, ...topology }
      },
      read: ({ groups }, { node }) =>
        groups.map((row) => [row.groupId, resultOf(row, {}, () => description(row, coordinatorOf(node)))]),
    },
    { items: named(groupIds, (groupId) => groupId), options },
  )
}

function description(row: GroupRow, coordinator: Coordinator): StreamsGroupDescription {
  const { topology } = row
  return {
    groupId: row.groupId,
    state: groupState(row.groupState),
    groupEpoch: row.groupEpoch,
    targetAssignmentEpoch: row.assignmentEpoch,
    topologyEpoch: topology?.epoch ?? null,
    subtopologies: (topology?.subtopologies ?? []).map((part) => ({
      subtopologyId: part.subtopologyId,
      sourceTopics: part.sourceTopics,
      repartitionSinkTopics: part.repartitionSinkTopics,
      stateChangelogTopics: part.stateChangelogTopics.map(topicOf),
      repartitionSourceTopics: part.repartitionSourceTopics.map(topicOf),
    })),
    members: row.members.map(memberOf),
    coordinator,
    authorizedOperations: authorizedOperations(row.authorizedOperations),
    assignorName: row.assignorName,
    topologyDescription: row.topologyDescription,
  }
}

function memberOf(row: MemberRow): StreamsGroupMember {
  const { userEndpoint } = row
  return {
    memberId: row.memberId,
    memberEpoch: row.memberEpoch,
    instanceId: row.instanceId,
    rackId: row.rackId,
    clientId: row.clientId,
    clientHost: row.clientHost,
    topologyEpoch: row.topologyEpoch,
    processId: row.processId,
    userEndpoint: userEndpoint === null ? null : { host: userEndpoint.host, port: userEndpoint.port },
    clientTags: record(row.clientTags),
    taskOffsets: row.taskOffsets.map(taskOffset),
    taskEndOffsets: row.taskEndOffsets.map(taskOffset),
    assignment: assignmentOf(row.assignment),
    targetAssignment: assignmentOf(row.targetAssignment),
    isClassic: row.isClassic,
  }
}

function assignmentOf({ activeTasks, standbyTasks, warmupTasks }: MemberRow['assignment']): StreamsAssignment {
  const tasks = ({ subtopologyId, partitions }: StreamsTasks) => ({ subtopologyId, partitions })
  return {
    activeTasks: activeTasks.map(tasks),
    standbyTasks: standbyTasks.map(tasks),
    warmupTasks: warmupTasks.map(tasks),
  }
}

function taskOffset({ subtopologyId, partition, offset }: StreamsTaskOffset): StreamsTaskOffset {
  return { subtopologyId, partition, offset }
}

interface TopicRow {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly topicConfigs: readonly { readonly key: string; readonly value: string }[]
}

function topicOf({ name, partitions, replicationFactor, topicConfigs }: TopicRow): StreamsTopic {
  return { name, partitions, replicationFactor, topicConfigs: record(topicConfigs) }
}

function record(rows: readonly { readonly key: string; readonly value: string }[]): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

import { KafkaError } from '@odradek/client'
import { errors } from '@odradek/protocol'
import {
  type JoinGroupResponse,
  joinGroupRequest,
  joinGroupResponse,
  leaveGroupRequest,
  leaveGroupResponse,
  syncGroupRequest,
  syncGroupResponse,
} from '@odradek/protocol/messages'
import { type Assignor, consumerProtocolType, encodeSubscription } from '@odradek/strategies'
import type { Generation } from './classic-member.ts'
import type { MembershipContext } from './membership-context.ts'

const joinGroupApi = { request: joinGroupRequest, response: joinGroupResponse }
const syncGroupApi = { request: syncGroupRequest, response: syncGroupResponse }
const leaveGroupApi = { request: leaveGroupRequest, response: leaveGroupResponse }

/** The coordinator answers JoinGroup when the rebalance time-out is over at the latest; this is for the way. */
const joinGroupSlackMs = 5_000
/** Longest reason that is told to the coordinator (KIP-800). */
const longestReason = 255
/** The first version of LeaveGroup that names several members. */
const leavesTogetherSince = 3

/** What a member says when it joins. */
export interface Join {
  readonly generation: Generation
  readonly assignors: Iterable<Assignor>
  readonly reason: string
}

/** JoinGroup, answered when all members have joined. The answer may have an error in it. @throws KafkaError */
export async function joinGroup(
  { groupId, config, connection, subscriptions }: MembershipContext,
  { generation, assignors, reason }: Join,
): Promise<JoinGroupResponse> {
  const { generationId, memberId } = generation
  const topics = subscriptions.subscription
  const ownedPartitions = subscriptions.assignedPartitions()
  const rackId = config.clientRack === '' ? null : config.clientRack
  const protocols = Array.from(assignors, (assignor) => {
    const userData = assignor.subscriptionUserData?.(topics) ?? null
    const subscription = { topics: [...topics], userData, ownedPartitions, generationId, rackId }
    return { name: assignor.name, metadata: encodeSubscription(subscription) }
  })
  const body = {
    groupId,
    memberId,
    sessionTimeoutMs: config.sessionTimeoutMs,
    rebalanceTimeoutMs: config.maxPollIntervalMs,
    groupInstanceId: config.groupInstanceId,
    protocolType: consumerProtocolType,
    protocols,
    reason: reason.slice(0, longestReason),
  }
  const timeoutMs = Math.max(config.requestTimeoutMs, config.maxPollIntervalMs + joinGroupSlackMs)
  const response = await connection.request(joinGroupApi, () => body, { timeoutMs })
  checkProtocolType(response)
  return response
}

/** The assignments the leader gives; empty from all others. */
export type MemberAssignments = readonly { readonly memberId: string; readonly assignment: Uint8Array }[]

/** SyncGroup: what this member gets. The answer may have an error in it. @throws KafkaError */
export async function syncGroup(
  { groupId, config, connection }: MembershipContext,
  { generationId, memberId, protocolName }: Generation,
  assignments: MemberAssignments,
): Promise<{ readonly errorCode: number; readonly assignment: Uint8Array }> {
  const { groupInstanceId } = config
  const protocolType = consumerProtocolType
  const body = { groupId, generationId, memberId, groupInstanceId, protocolType, protocolName, assignments }
  const response = await connection.request(syncGroupApi, () => ({ ...body, assignments: [...assignments] }))
  checkProtocolType(response)
  if (response.errorCode === 0 && response.protocolName !== null && response.protocolName !== protocolName) {
    throw inconsistent(`the group uses assignor ${response.protocolName}, not ${protocolName}`)
  }
  return response
}

/** LeaveGroup; what is wrong in its answer changes nothing. @throws KafkaError when there is none */
export async function leaveGroup(
  { groupId, config, connection }: MembershipContext,
  { memberId, reason }: { readonly memberId: string; readonly reason: string },
): Promise<void> {
  const member = { memberId, groupInstanceId: config.groupInstanceId, reason: reason.slice(0, longestReason) }
  await connection.request(leaveGroupApi, (version) =>
    version < leavesTogetherSince ? { groupId, memberId } : { groupId, members: [member] },
  )
}

function checkProtocolType({ errorCode, protocolType }: { errorCode: number; protocolType: string | null }): void {
  if (errorCode !== 0 || protocolType === null || protocolType === consumerProtocolType) return
  throw inconsistent(`the group is one of protocol type ${protocolType}, not ${consumerProtocolType}`)
}

function inconsistent(message: string): KafkaError {
  return new KafkaError(errors.INCONSISTENT_GROUP_PROTOCOL.name, message)
}

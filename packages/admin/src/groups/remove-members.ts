import { KafkaError } from '@odradek/client'
import { leaveGroupRequest, leaveGroupResponse } from '@odradek/protocol/messages'
import type { AdminCall, CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import { askForItems, named } from '../core/item-call.ts'
import { needsVersion } from '../core/needs-version.ts'
import { failAll } from '../core/one-for-all.ts'
import type { Results } from '../core/results.ts'
import { toCoordinator } from '../core/to-coordinator.ts'
import { classicGroupsPlan } from './describe-classic-groups.ts'

/** Which members go, and why. */
export interface RemoveMembersOptions extends CallOptions {
  /** Static members by their `group.instance.id`; every member, dynamic ones included, when left out. */
  readonly groupInstanceIds?: Iterable<string> | undefined
  /** For the log of the broker (KIP-800). */
  readonly reason?: string | undefined
}

interface Member {
  readonly memberId: string
  readonly groupInstanceId: string | null
}

const leaveGroupApi = { request: leaveGroupRequest, response: leaveGroupResponse }
const firstVersionOfMany = 3
const firstVersionOfReasons = 5
const defaultReason = 'member was removed by an admin'

/** Removes members from a classic group of consumers (KIP-345, KIP-571). */
export function removeMembers(
  core: AdminCore,
  groupId: string,
  options: RemoveMembersOptions = {},
): Promise<Results<null>> {
  return core.run('removeMembersFromConsumerGroup', options, async (call) => {
    const { groupInstanceIds } = options
    const members =
      groupInstanceIds === undefined
        ? await membersOf(call, groupId)
        : [...groupInstanceIds].map((groupInstanceId) => ({ memberId: '', groupInstanceId }))
    const reason =
      options.reason === undefined || options.reason === '' ? defaultReason : `${defaultReason}: ${options.reason}`
    return await askForItems(
      call,
      {
        name: call.name,
        api: leaveGroupApi,
        route: toCoordinator('group', () => groupId),
        request: (leaving, { version }) => {
          needsVersion(version, firstVersionOfMany, 'removing members')
          const why = version < firstVersionOfReasons ? {} : { reason }
          return { groupId, members: leaving.map((member) => ({ ...member, ...why })) }
        },
        read: (response, { items }) => {
          const error = errorOf(response)
          if (error !== undefined) return failAll(items.keys(), error)
          return response.members.map((row) => [memberName(row), resultOf(row, {}, done)])
        },
      },
      named(members, memberName),
    )
  })
}

async function membersOf(call: AdminCall, groupId: string): Promise<readonly Member[]> {
  const described = await askForItems(call, classicGroupsPlan(call.name, {}), new Map([[groupId, groupId]]))
  const result = described.get(groupId)
  if (result?.value === undefined) {
    throw result?.error ?? new KafkaError('GROUP_ID_NOT_FOUND', `there is no group ${groupId}`)
  }
  // A member that is named by its instance id must not be named by its member id as well.
  return result.value.members.map(({ memberId, groupInstanceId }) => ({
    memberId: groupInstanceId === null ? memberId : '',
    groupInstanceId,
  }))
}

function memberName({ memberId, groupInstanceId }: Member): string {
  return groupInstanceId ?? memberId
}

import { listGroupsRequest, listGroupsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import { askEachBroker } from '../core/each-broker.ts'
import { needsVersion } from '../core/needs-version.ts'
import { type Results, valuesOf } from '../core/results.ts'
import { type GroupState, type GroupType, groupState, groupType } from './group-state.ts'

/** A group. Kafka: `GroupListing`. */
export interface GroupListing {
  readonly groupId: string
  /** `consumer`, `share`, `streams`, `connect` or empty: a group that only has offsets. */
  readonly protocolType: string
  /** Null when the broker does not tell. */
  readonly state: GroupState | null
  /** Null when the broker does not tell. */
  readonly type: GroupType | null
  /** Whether it has offsets only, and never had members. */
  readonly isSimpleConsumerGroup: boolean
}

/** Which groups are listed. */
export interface ListGroupsOptions extends CallOptions {
  /** Groups in these states; all when left out (KIP-518). */
  readonly states?: Iterable<GroupState> | undefined
  /** Groups of these types; all when left out (KIP-848). */
  readonly types?: Iterable<GroupType> | undefined
  /** Groups of these protocol types; all when left out. */
  readonly protocolTypes?: Iterable<string> | undefined
}

const listGroupsApi = { request: listGroupsRequest, response: listGroupsResponse }

/** The groups of every broker, by the id of the broker. */
export function listGroupsByBroker(
  core: AdminCore,
  options: ListGroupsOptions = {},
): Promise<Results<readonly GroupListing[], number>> {
  const states = [...(options.states ?? [])]
  const types = [...(options.types ?? [])]
  const protocolTypes = new Set(options.protocolTypes ?? [])
  return core.run('listGroups', options, (call) =>
    askEachBroker(call, async (brokerId) => {
      const { response } = await call.ask({
        api: listGroupsApi,
        to: brokerId,
        body: (version) => {
          if (states.length > 0) needsVersion(version, 4, 'a filter of states')
          if (types.length > 0 && types.some((type) => type !== 'Classic'))
            needsVersion(version, 5, 'a filter of types')
          return {
            ...(version < 4 ? {} : { statesFilter: states }),
            ...(version < 5 ? {} : { typesFilter: types }),
          }
        },
        check: errorOf,
      })
      return response.groups
        .filter(({ protocolType }) => protocolTypes.size === 0 || protocolTypes.has(protocolType))
        .map((row) => ({
          groupId: row.groupId,
          protocolType: row.protocolType,
          state: row.groupState === '' ? null : groupState(row.groupState),
          type: row.groupType === '' ? null : groupType(row.groupType),
          isSimpleConsumerGroup: row.protocolType === '',
        }))
    }),
  )
}

/** All groups. @throws KafkaError when a broker does not tell its own: `listGroupsByBroker` shows those of the others */
export async function listGroups(core: AdminCore, options: ListGroupsOptions = {}): Promise<readonly GroupListing[]> {
  const found = new Map<string, GroupListing>()
  for (const groups of valuesOf(await listGroupsByBroker(core, options)).values()) {
    for (const group of groups) found.set(group.groupId, group)
  }
  return [...found.values()]
}

/** Groups of consumers, of both protocols, and groups that only have offsets. */
export function listConsumerGroups(
  core: AdminCore,
  options: Omit<ListGroupsOptions, 'protocolTypes'> = {},
): Promise<readonly GroupListing[]> {
  return listGroups(core, { ...options, protocolTypes: ['consumer', ''] })
}

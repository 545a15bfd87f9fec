import { type Admin, valuesOf } from '@odradek/admin'
import { groupRows } from '../groups/group-rows.ts'
import { callOptions, selectedGroups } from '../groups/selected-groups.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { LagView } from './lag-view.ts'
import type { Look } from './watch.ts'

/** Looks at the lags of the groups that the options select. */
export function lagLook(admin: Admin, options: ParsedOptions): Look {
  const lagView = new LagView()
  return async (view) => {
    const groupIds = await selectedGroups(admin, options)
    const described = valuesOf(await admin.describeConsumerGroups(groupIds, callOptions(options)))
    const groups = [...described.values()].sort((one, other) => (one.groupId < other.groupId ? -1 : 1))
    const watched = groups.map(async (group) => ({
      groupId: group.groupId,
      state: group.state,
      members: group.members.length,
      rows: await groupRows(admin, group, options),
    }))
    view.add(...lagView.lines(await Promise.all(watched), view.io.clock.monotonicMs()))
  }
}

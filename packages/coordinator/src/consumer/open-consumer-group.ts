import { groupMetadataTombstone } from '../classic/group-metadata-record.ts'
import type { CoordinatorContext } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { type GroupError, groupError, isGroupError } from '../group-error.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { ConsumerStep } from './consumer-step.ts'
import { convertToConsumerGroup } from './upgrade.ts'

/** The group of a heartbeat: as it is, new, or made of a classic group whose members move to the consumer protocol. */
export function openConsumerGroup(
  state: GroupCoordinatorState,
  { groupId, mayCreate }: { readonly groupId: string; readonly mayCreate: boolean },
  context: CoordinatorContext,
): { readonly group: ConsumerGroup; readonly step: ConsumerStep } | GroupError {
  const group = state.group(groupId)
  if (group?.type === 'consumer') return { group, step: new ConsumerStep(group, context) }
  if (group === undefined || !mayCreate) {
    if (!mayCreate) {
      const message =
        group === undefined ? `Consumer group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`
      return groupError('GROUP_ID_NOT_FOUND', message)
    }
    const created = new ConsumerGroup(groupId)
    return { group: created, step: new ConsumerStep(created, context) }
  }
  if (group.state === 'Empty') {
    const created = new ConsumerGroup(groupId)
    const step = new ConsumerStep(created, context)
    step.append(groupMetadataTombstone(groupId))
    return { group: created, step }
  }
  const step = convertToConsumerGroup(group, context)
  return isGroupError(step) ? step : { group: step.group, step }
}

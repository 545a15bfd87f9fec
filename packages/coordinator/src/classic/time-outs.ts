import type { CoordinatorContext } from '../coordinator-context.ts'
import { answer, type CoordinatorResult, type TimerEvent } from '../result.ts'
import { type ClassicGroup, hasAllMembersJoined } from './classic-group.ts'
import { ClassicStep, joinKey } from './classic-step.ts'
import { completeJoin, prepareRebalance, rebalanceOrCompleteJoin } from './rebalance.ts'

/** The timers of classic groups. */
export type ClassicTimerEvent = Extract<TimerEvent, { readonly type: `classic-${string}` }>

/** A timer of a classic group has fired. Timers may fire late, so each looks first whether it still means something. */
export function onClassicTimer(
  group: ClassicGroup,
  event: ClassicTimerEvent,
  context: CoordinatorContext,
): CoordinatorResult<undefined> {
  const step = new ClassicStep(group, context)
  switch (event.type) {
    case 'classic-session':
      expireSession(step, event.memberId)
      break
    case 'classic-join':
      if (group.state === 'PreparingRebalance') completeJoin(step)
      break
    case 'classic-initial-join':
      if (group.state === 'PreparingRebalance') endInitialDelay(step, event)
      break
    case 'classic-sync':
      if (group.generationId === event.generationId) expireSync(step)
      break
  }
  return step.result(undefined)
}

/** The sessions of a group that was loaded begin when it is loaded; one that has too many members by now has to rebalance. */
export function onClassicGroupLoaded(group: ClassicGroup, context: CoordinatorContext): CoordinatorResult<undefined> {
  if (group.members.size === 0) return answer(undefined)
  const step = new ClassicStep(group, context)
  for (const member of group.members.values()) step.restartSession(member)
  if (group.members.size > context.config.groupMaxSize) prepareRebalance(step)
  return step.result(undefined)
}

function expireSession(step: ClassicStep, memberId: string): void {
  const { group } = step
  if (group.pendingMembers.has(memberId)) {
    step.remove(memberId)
    const { group: rest } = step
    if (rest.state === 'PreparingRebalance' && hasAllMembersJoined(rest)) completeJoin(step)
    return
  }
  if (!group.members.has(memberId) || isWaitingForUs(group, memberId)) return
  step.remove(memberId)
  const { group: rest } = step
  if (rest.state === 'PreparingRebalance') {
    if (hasAllMembersJoined(rest)) completeJoin(step)
  } else rebalanceOrCompleteJoin(step)
}

/** A member that waits for an answer cannot send heartbeats; only the first join of a new one may not last for ever. */
function isWaitingForUs(group: ClassicGroup, memberId: string): boolean {
  if (group.state === 'PreparingRebalance') return group.joining.get(memberId)?.isNew === false
  return group.state === 'CompletingRebalance' && group.syncing.has(memberId)
}

/** New members came during the delay of a first rebalance: it is extended, up to the rebalance time-out. */
function endInitialDelay(
  step: ClassicStep,
  { groupId, delayMs, remainingMs }: Extract<ClassicTimerEvent, { readonly type: 'classic-initial-join' }>,
): void {
  const { group } = step
  if (group.state !== 'PreparingRebalance') return
  if (group.initial?.newMemberAdded !== true || remainingMs === 0) {
    completeJoin(step)
    return
  }
  step.group = { ...group, initial: { newMemberAdded: false } }
  const next = {
    delayMs: Math.min(step.context.config.groupInitialRebalanceDelayMs, remainingMs),
    remainingMs: Math.max(remainingMs - delayMs, 0),
  }
  step.setTimer(joinKey(groupId), next.delayMs, { type: 'classic-initial-join', groupId, ...next })
}

/** Members that joined and then did not ask for their assignment are dropped. */
function expireSync(step: ClassicStep): void {
  const { group } = step
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return
  if (group.pendingSync.size === 0) return
  for (const memberId of group.pendingSync) {
    step.remove(memberId)
    step.endSession(memberId)
  }
  prepareRebalance(step)
}

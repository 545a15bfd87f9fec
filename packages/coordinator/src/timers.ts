import { type ClassicTimerEvent, onClassicGroupLoaded, onClassicTimer } from './classic/time-outs.ts'
import { type ConsumerTimerEvent, onConsumerGroupLoaded, onConsumerTimer } from './consumer/time-outs.ts'
import type { CoordinatorContext } from './coordinator-context.ts'
import type { GroupCoordinatorState } from './group-coordinator-state.ts'
import { expirationTimer, expireOffsets } from './offsets/expire-offsets.ts'
import { answer, type CoordinatorResult, type TimerEvent } from './result.ts'

/** A timer that a result had set has fired. A group may have moved to the other protocol since: then it means nothing. */
export function onTimer(
  state: GroupCoordinatorState,
  event: TimerEvent,
  context: CoordinatorContext,
): CoordinatorResult<undefined> {
  if (event.type === 'expire-offsets') return expireOffsets(state, context)
  const group = state.group(event.groupId)
  if (group?.type === 'classic' && isClassic(event)) return onClassicTimer(group, event, context)
  if (group?.type === 'consumer' && !isClassic(event)) return onConsumerTimer(group, event, context)
  return answer(undefined)
}

/** The state was loaded, and its sessions begin. One result for each group, and one for the coordinator itself. */
export function* onLoaded(
  state: GroupCoordinatorState,
  context: CoordinatorContext,
): Generator<CoordinatorResult<undefined>> {
  yield { ...answer(undefined), timers: [expirationTimer(context)] }
  for (const group of [...state.groups()]) {
    yield group.type === 'classic' ? onClassicGroupLoaded(group, context) : onConsumerGroupLoaded(group, context)
  }
}

function isClassic(event: ClassicTimerEvent | ConsumerTimerEvent): event is ClassicTimerEvent {
  return event.type.startsWith('classic-')
}

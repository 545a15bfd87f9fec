import type { CoordinatorContext } from '../coordinator-context.ts'
import { answer, type CoordinatorResult, type TimerEvent } from '../result.ts'
import type { ConsumerGroup } from './consumer-group.ts'
import { fenceMembers } from './consumer-leave.ts'
import { ConsumerStep } from './consumer-step.ts'
import { resolveRegexes } from './regular-expressions.ts'

/** The timers of consumer groups. */
export type ConsumerTimerEvent = Extract<TimerEvent, { readonly type: `consumer-${string}` | 'resolve-regexes' }>

/** A timer of a consumer group has fired: the member it is about is removed, if the timer still means something. */
export function onConsumerTimer(
  group: ConsumerGroup,
  event: ConsumerTimerEvent,
  context: CoordinatorContext,
): CoordinatorResult<undefined> {
  if (event.type === 'resolve-regexes') return resolveRegexes(group, context)
  const member = group.members.get(event.memberId)
  if (member === undefined) return answer(undefined)
  // It has given up its partitions in time, and is at another epoch now.
  if (event.type === 'consumer-rebalance' && member.memberEpoch !== event.memberEpoch) return answer(undefined)
  return fenceMembers(group, [member], { response: undefined, context })
}

/** The sessions of a group that was loaded begin when it is loaded, and so does the time to give up partitions. */
export function onConsumerGroupLoaded(group: ConsumerGroup, context: CoordinatorContext): CoordinatorResult<undefined> {
  const step = new ConsumerStep(group, context)
  const { consumerSessionTimeoutMs } = context.groupConfig(group.groupId)
  for (const member of group.members.values()) {
    step.startSession(member.memberId, consumerSessionTimeoutMs)
    if (member.state === 'UNREVOKED_PARTITIONS') step.watchRevocation(member)
  }
  return step.result(undefined)
}

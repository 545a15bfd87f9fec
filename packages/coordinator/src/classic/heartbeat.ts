import { type ErrorName, errors, type Input } from '@odradek/protocol'
import type { HeartbeatRequest, HeartbeatResponse } from '@odradek/protocol/messages'
import { beatInConsumerGroup } from '../consumer/classic-members.ts'
import type { CoordinatorContext } from '../coordinator-context.ts'
import type { GroupCoordinatorState } from '../group-coordinator-state.ts'
import { answer, type CoordinatorResult } from '../result.ts'
import { memberError } from './classic-group.ts'
import { ClassicStep } from './classic-step.ts'
import { classicAnswers } from './classic-transitions.ts'

type Result = CoordinatorResult<Input<HeartbeatResponse>>

/** Heartbeat, versions 0 to 4: keeps the session, and hears when it is time to join again. */
export function heartbeat(
  state: GroupCoordinatorState,
  request: HeartbeatRequest,
  context: CoordinatorContext,
): Result {
  if (request.groupId === '') return refusal('INVALID_GROUP_ID')
  const group = state.group(request.groupId)
  if (group === undefined) return refusal('UNKNOWN_MEMBER_ID')
  if (group.type === 'consumer') return beatInConsumerGroup(group, request, context)
  const error = memberError(group, request)
  if (error !== undefined) return refusal(error)
  if (request.generationId !== group.generationId) return refusal('ILLEGAL_GENERATION')
  const step = new ClassicStep(group, context)
  step.restartSession(group.members.get(request.memberId)!)
  return step.result({ errorCode: errors[classicAnswers[group.state].heartbeat].code })
}

function refusal(error: ErrorName): Result {
  return answer({ errorCode: errors[error].code })
}

import type { CoordinatorContext, TopicsView } from '../coordinator-context.ts'
import { type GroupError, groupError } from '../group-error.ts'
import { compileTopicPattern } from '../regex/topic-pattern.ts'
import type { CoordinatorResult } from '../result.ts'
import type { ConsumerGroup, ResolvedRegularExpression } from './consumer-group.ts'
import { type ConsumerMember, sameNames } from './consumer-member.ts'
import { groupEpochRecord, regexRecord, regexTombstone } from './consumer-records.ts'
import { ConsumerStep } from './consumer-step.ts'
import { subscriptionOf } from './subscriptions.ts'

/** What became of a member's pattern: `resolved` when the topics it stands for are known, or when it is gone. */
export type RegexChange = 'unchanged' | 'updated' | 'resolved'

/** Least time between two resolutions of a group's patterns. */
const minRefreshIntervalMs = 10_000

/**
 * A member may have another pattern than before. A pattern that is new to the group is checked, and the group's patterns are
 * resolved after this operation; as they are when topics were made since, and every
 * `group.consumer.regex.refresh.interval.ms`.
 */
export function updateRegexes(
  step: ConsumerStep,
  { member, updated }: { readonly member: ConsumerMember; readonly updated: ConsumerMember },
): RegexChange | GroupError {
  const { group } = step
  const [before, after] = [member.subscribedTopicRegex, updated.subscribedTopicRegex]
  let change: RegexChange = 'unchanged'
  let isNew = false
  if (before !== after) {
    change = 'updated'
    if (before !== '' && group.regexMembers.get(before) === 1) step.append(regexTombstone(group.groupId, before))
    if (after === '') change = 'resolved'
    else if (!group.regexMembers.has(after)) {
      const compiled = compileTopicPattern(after)
      if ('problem' in compiled) {
        const message = `SubscribedTopicRegex \`${after}\` is not a valid regular expression: ${compiled.problem}.`
        return groupError('INVALID_REGULAR_EXPRESSION', message)
      }
      isNew = true
    } else if (group.resolvedRegexes.has(after)) change = 'resolved'
  }
  if (isNew || (group.regexMembers.size > 0 && isRefreshDue(step, { before, after }))) step.resolveRegexes()
  return change
}

function isRefreshDue(
  { group, context }: ConsumerStep,
  { before, after }: { readonly before: string; readonly after: string },
): boolean {
  const [last] = group.resolvedRegexes.values()
  const lastMs = last?.timestampMs ?? Number.NEGATIVE_INFINITY
  if (context.now <= lastMs + minRefreshIntervalMs) return false
  const regexes = new Set(group.regexMembers.keys())
  if (before !== after && group.regexMembers.get(before) === 1) regexes.delete(before)
  if (after !== '') regexes.add(after)
  return (
    regexes.size > 0 &&
    (regexes.size !== group.resolvedRegexes.size ||
      (last?.version ?? 0) < context.topics.createdVersion ||
      context.now > lastMs + context.config.groupConsumerRegexRefreshIntervalMs)
  )
}

/** Resolves the patterns of a group's members; the group epoch grows when one of them stands for other topics than before. */
export function resolveRegexes(group: ConsumerGroup, context: CoordinatorContext): CoordinatorResult<undefined> {
  const step = new ConsumerStep(group, context)
  const { groupId } = group
  const resolvedRegexes = new Map(group.resolvedRegexes)
  let isBump = false
  for (const regex of group.regexMembers.keys()) {
    const resolved = resolve(regex, context.topics, context.now)
    const former = group.resolvedRegexes.get(regex)
    if (!sameNames(former?.topics ?? new Set(), resolved.topics)) isBump = true
    resolvedRegexes.set(regex, resolved)
    step.append(regexRecord(groupId, regex, resolved))
  }
  if (group.regexMembers.size === 0) return step.result(undefined)
  const { metadataHash } = subscriptionOf(group.members, resolvedRegexes, context.topics)
  if (isBump || metadataHash !== group.metadataHash) {
    step.append(groupEpochRecord(groupId, group.groupEpoch + 1, metadataHash))
    step.append({ type: 'ConsumerGroupChecked', groupId, topicsVersion: context.topics.version })
  }
  return step.result(undefined)
}

function resolve(regex: string, topics: TopicsView, now: number): ResolvedRegularExpression {
  const compiled = compileTopicPattern(regex)
  // A pattern that another version of the coordinator took for good stands for no topics.
  const names = 'problem' in compiled ? [] : [...topics.names()].filter((name) => compiled.matches(name))
  return { topics: new Set(names), version: topics.version, timestampMs: now }
}

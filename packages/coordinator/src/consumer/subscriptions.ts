import type { SubscriptionType } from '@odradek/strategies'
import type { TopicsView } from '../coordinator-context.ts'
import { groupHash } from '../hash/metadata-hash.ts'
import type { ConsumerGroup, ResolvedRegularExpression } from './consumer-group.ts'
import type { ConsumerMember } from './consumer-member.ts'

interface SubscriberCount {
  readonly byName: number
  /** Regular expressions that stand for the topic, whatever the number of their members. */
  readonly byRegex: number
}

/** What the members of a group subscribe to together. */
export interface GroupSubscription {
  readonly topics: ReadonlyMap<string, SubscriberCount>
  readonly type: SubscriptionType
  readonly metadataHash: bigint
}

/** The members as they will be when `updated` has joined or changed; it takes the place of a static member with its instance id. */
export function membersWith(group: ConsumerGroup, updated: ConsumerMember): ReadonlyMap<string, ConsumerMember> {
  const replaced = group.staticMember(updated.instanceId)
  const members = new Map(group.members)
  if (replaced !== undefined && replaced.memberId !== updated.memberId) members.delete(replaced.memberId)
  return members.set(updated.memberId, updated)
}

/** What these members subscribe to, with the regular expressions that are resolved so far and still have a member. */
export function subscriptionOf(
  members: ReadonlyMap<string, ConsumerMember>,
  resolvedRegexes: ReadonlyMap<string, ResolvedRegularExpression>,
  topicsView: TopicsView,
): GroupSubscription {
  const topics = new Map<string, SubscriberCount>()
  const regexMembers = new Map<string, number>()
  const countTopic = (name: string, by: Partial<SubscriberCount>) => {
    const { byName, byRegex } = topics.get(name) ?? { byName: 0, byRegex: 0 }
    topics.set(name, { byName: byName + (by.byName ?? 0), byRegex: byRegex + (by.byRegex ?? 0) })
  }
  for (const { subscribedTopicNames, subscribedTopicRegex } of members.values()) {
    for (const name of subscribedTopicNames) countTopic(name, { byName: 1 })
    if (subscribedTopicRegex !== '')
      regexMembers.set(subscribedTopicRegex, (regexMembers.get(subscribedTopicRegex) ?? 0) + 1)
  }
  for (const [regex, resolved] of resolvedRegexes) {
    if (regexMembers.has(regex)) for (const name of resolved.topics) countTopic(name, { byRegex: 1 })
  }
  const type = isHomogeneous(topics, regexMembers, members.size) ? 'HOMOGENEOUS' : 'HETEROGENEOUS'
  return { topics, type, metadataHash: metadataHashOf(topics.keys(), topicsView) }
}

/** Everybody subscribes to the same topics by name, or to the same single regular expression. */
function isHomogeneous(
  topics: ReadonlyMap<string, SubscriberCount>,
  regexMembers: ReadonlyMap<string, number>,
  members: number,
): boolean {
  const [regexCount] = regexMembers.values()
  if (regexCount === undefined) return [...topics.values()].every(({ byName }) => byName === members)
  return regexCount === members && [...topics.values()].every(({ byName, byRegex }) => byRegex === 1 && byName === 0)
}

function metadataHashOf(names: Iterable<string>, topicsView: TopicsView): bigint {
  const hashes = new Map<string, bigint>()
  for (const name of names) {
    const topic = topicsView.byName(name)
    if (topic !== undefined) hashes.set(name, topic.metadataHash)
  }
  return groupHash(hashes)
}

/** Ids of the topics a member subscribes to, by name and by regular expression, as far as they exist. */
export function subscribedTopicIds(
  member: ConsumerMember,
  resolvedRegexes: ReadonlyMap<string, ResolvedRegularExpression>,
  topicsView: TopicsView,
): ReadonlySet<string> {
  const ids = new Set<string>()
  const byRegex = resolvedRegexes.get(member.subscribedTopicRegex)?.topics ?? []
  for (const name of [...member.subscribedTopicNames, ...byRegex]) {
    const topic = topicsView.byName(name)
    if (topic !== undefined) ids.add(topic.topicId)
  }
  return ids
}

/** The assignor that most members prefer, undefined when none prefers one. */
export function preferredAssignor(members: Iterable<ConsumerMember>): string | undefined {
  const votes = new Map<string, number>()
  for (const { serverAssignorName } of members) {
    if (serverAssignorName !== null) votes.set(serverAssignorName, (votes.get(serverAssignorName) ?? 0) + 1)
  }
  let preferred: string | undefined
  let most = 0
  for (const [name, count] of votes) if (count > most) [preferred, most] = [name, count]
  return preferred
}

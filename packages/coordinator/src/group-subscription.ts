import { isClassicSubscribedToTopic } from './classic/classic-group.ts'
import type { Group } from './group-coordinator-state.ts'

/** True when members of the group read a topic, so that its offsets are in use. */
export function isSubscribedToTopic(group: Group, topic: string): boolean {
  if (group.type === 'classic') return isClassicSubscribedToTopic(group, topic)
  for (const { subscribedTopicNames } of group.members.values()) if (subscribedTopicNames.has(topic)) return true
  for (const { topics } of group.resolvedRegexes.values()) if (topics.has(topic)) return true
  return false
}

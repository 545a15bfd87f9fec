import type { GroupState, GroupType } from '@odradek/admin'

const types: readonly GroupType[] = ['Consumer', 'Classic', 'Share', 'Streams']

/** States of consumer groups, as Kafka lists them when it was given another. */
export const consumerGroupStates: readonly GroupState[] = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
]

/** A type in any case; `Unknown` when there is none of that name. Kafka: `GroupType.parse`. */
export function parseGroupType(text: string): GroupType {
  return types.find((type) => type.toLowerCase() === text.toLowerCase()) ?? 'Unknown'
}

/** A state in any case; `Unknown` when there is none of that name. Kafka: `GroupState.parse`. */
export function parseGroupState(text: string): GroupState {
  return consumerGroupStates.find((state) => state.toLowerCase() === text.toLowerCase()) ?? 'Unknown'
}

/** What a group is doing. Kafka: `GroupState`. */
export type GroupState =
  | 'Unknown'
  | 'PreparingRebalance'
  | 'CompletingRebalance'
  | 'Stable'
  | 'Dead'
  | 'Empty'
  | 'Assigning'
  | 'Reconciling'
  | 'NotReady'

/** Which protocol a group speaks. Kafka: `GroupType`. */
export type GroupType = 'Unknown' | 'Consumer' | 'Classic' | 'Share' | 'Streams'

const states: ReadonlySet<string> = new Set<GroupState>([
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
  'NotReady',
])

/** A state as it stands on the wire. */
export function groupState(text: string): GroupState {
  return states.has(text) ? (text as GroupState) : 'Unknown'
}

/** A type as it stands on the wire, where its case differs. */
export function groupType(text: string): GroupType {
  const types: readonly GroupType[] = ['Consumer', 'Classic', 'Share', 'Streams']
  return types.find((type) => type.toLowerCase() === text.toLowerCase()) ?? 'Unknown'
}

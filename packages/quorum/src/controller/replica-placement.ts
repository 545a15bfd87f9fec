/** A broker a replica may be put on. */
export interface UsableBroker {
  readonly id: number
  readonly rack: string | null
  readonly fenced: boolean
}

export interface Placement {
  readonly startPartition: number
  readonly partitions: number
  readonly replicationFactor: number
}

/** Either the replicas of each partition, leader first, or why it cannot be done, in Kafka's words. */
export type PlacementResult = { readonly replicas: readonly (readonly number[])[] } | { readonly problem: string }

/**
 * Spreads replicas as Kafka's StripedReplicaPlacer does: racks take turns, the brokers of a rack take turns, each partition starts
 * one further, fenced brokers come last and never first. So leaders and replicas are level over racks and brokers.
 */
export function placeReplicas(
  placement: Placement,
  brokers: readonly UsableBroker[],
  randomInt: (bound: number) => number,
): PlacementResult {
  const { replicationFactor } = placement
  if (brokers.every((broker) => broker.fenced)) {
    return { problem: 'All brokers are currently fenced, or have all their log directories cordoned.' }
  }
  if (replicationFactor > brokers.length) {
    return {
      problem:
        `The target replication factor of ${replicationFactor} cannot be reached because only ${brokers.length} ` +
        'broker(s) are registered or some brokers have all their log directories cordoned.',
    }
  }
  const racks = groupByRack(brokers, randomInt)
  const replicas: (readonly number[])[] = []
  const offset = randomInt(brokers.length)
  for (let index = 0; index < placement.partitions; index++) {
    replicas.push(placeOne(racks, offset + placement.startPartition + index, replicationFactor))
  }
  return { replicas }
}

interface Rack {
  readonly unfenced: readonly number[]
  readonly fenced: readonly number[]
}

function groupByRack(brokers: readonly UsableBroker[], randomInt: (bound: number) => number): readonly Rack[] {
  const byRack = new Map<string, { unfenced: number[]; fenced: number[] }>()
  for (const broker of brokers) {
    const rack = byRack.get(broker.rack ?? '') ?? { unfenced: [], fenced: [] }
    byRack.set(broker.rack ?? '', rack)
    rack[broker.fenced ? 'fenced' : 'unfenced'].push(broker.id)
  }
  const names = [...byRack.keys()].sort()
  return names.map((name) => {
    const rack = byRack.get(name)!
    return { unfenced: shuffled(rack.unfenced, randomInt), fenced: shuffled(rack.fenced, randomInt) }
  })
}

/** Round by round one broker of each rack, unfenced brokers of all racks before fenced ones. */
function placeOne(racks: readonly Rack[], turn: number, count: number): readonly number[] {
  const chosen: number[] = []
  for (const pool of ['unfenced', 'fenced'] as const) {
    const deepest = Math.max(...racks.map((rack) => rack[pool].length))
    for (let depth = 0; depth < deepest; depth++) {
      for (let step = 0; step < racks.length && chosen.length < count; step++) {
        const members = racks[(turn + step) % racks.length]![pool]
        if (depth >= members.length) continue
        chosen.push(members[(Math.floor(turn / racks.length) + depth) % members.length]!)
      }
    }
  }
  return chosen
}

function shuffled(ids: readonly number[], randomInt: (bound: number) => number): readonly number[] {
  const result = [...ids]
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1)
    const id = result[last]!
    result[last] = result[other]!
    result[other] = id
  }
  return result
}

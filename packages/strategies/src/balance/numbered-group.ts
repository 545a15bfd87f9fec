/** No member; in arrays that name a member by its number. */
export const nobody = -1

/** Where members and replicas are. Left out when unknown or when it makes no difference. */
export interface RackMap {
  /** Whether the member has a rack and a replica of the partition is in it. */
  isNear(member: number, partition: number): boolean
  /** Whether the member has a rack and no replica of the partition is in it. */
  isFar(member: number, partition: number): boolean
  /** The partitions, those with the fewest members near a replica first: they are the hardest to place well. */
  sortByChoice(partitions: readonly number[]): number[]
}

/** A group by numbers: members, topics and the partitions of all topics are counted from 0, so that the algorithms work on arrays. */
export interface NumberedGroup {
  readonly memberCount: number
  /** The number of each topic's partition 0, and at the end the number of all partitions. */
  readonly firstPartition: readonly number[]
  /** The topic of each partition. */
  readonly topicOf: Int32Array
  /** The members of each topic, ascending. */
  readonly subscribers: readonly (readonly number[])[]
  /** The partitions of each member from before; no partition twice. */
  readonly owned: readonly (readonly number[])[]
  /** The member that had each partition before `owned`, or nobody: a place to move it that costs less. Left out when unknown. */
  readonly formerOwner?: Int32Array
  readonly racks: RackMap | null
  isSubscribed(member: number, topic: number): boolean
}

/** Who subscribes to what, as a table. */
export class SubscriptionTable {
  readonly subscribers: number[][]
  readonly #topicCount: number
  readonly #isSubscribed: Uint8Array

  constructor(memberCount: number, topicCount: number) {
    this.#topicCount = topicCount
    this.#isSubscribed = new Uint8Array(memberCount * topicCount)
    this.subscribers = Array.from({ length: topicCount }, () => [])
  }

  /** Members are added in ascending order. */
  add(member: number, topic: number): void {
    this.#isSubscribed[member * this.#topicCount + topic] = 1
    this.subscribers[topic]!.push(member)
  }

  has(member: number, topic: number): boolean {
    return this.#isSubscribed[member * this.#topicCount + topic] === 1
  }
}

/** The topic of each partition. */
export function topicOfEachPartition(firstPartition: readonly number[]): Int32Array {
  const topicOf = new Int32Array(firstPartition.at(-1)!)
  for (let topic = 0; topic < firstPartition.length - 1; topic++) {
    topicOf.fill(topic, firstPartition[topic], firstPartition[topic + 1])
  }
  return topicOf
}

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** What a partition is called in results, as Kafka prints it: `orders-0`. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** The partition of a name that `partitionName` made. */
export function parsePartitionName(name: string): TopicPartition {
  const dash = name.lastIndexOf('-')
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) }
}

/** Items by their topic, in the order in which topics come first. */
export function byTopic<Item extends { readonly topic: string }>(items: Iterable<Item>): Map<string, Item[]> {
  return groupedBy(items, ({ topic }) => topic)
}

/** Items by what `key` says of them, in the order in which keys come first. */
export function groupedBy<Key, Item>(items: Iterable<Item>, key: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}

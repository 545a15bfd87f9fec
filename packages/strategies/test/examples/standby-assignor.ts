import type { Assignment, Assignor, TopicPartition } from '@odradek/strategies'

/** One member reads a whole topic; the others stand by until it is gone. */
export function standbyAssignor(): Assignor {
  return {
    name: 'standby',
    version: 0,
    supportedProtocols: ['EAGER'],
    assign(cluster, group) {
      const partitions = new Map<string, TopicPartition[]>()
      const taken = new Set<string>()
      for (const memberId of [...group.keys()].sort()) {
        const own: TopicPartition[] = []
        for (const topic of group.get(memberId)!.topics) {
          if (taken.has(topic)) continue
          taken.add(topic)
          for (let partition = 0; partition < cluster.partitionCount(topic); partition++) own.push({ topic, partition })
        }
        partitions.set(memberId, own)
      }
      return new Map<string, Assignment>([...partitions].map(([memberId, own]) => [memberId, { partitions: own }]))
    },
  }
}

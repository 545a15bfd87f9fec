import type { PartitionerFactory } from '@odradek/strategies'

/** Always goes to the available partition that has got the fewest bytes from this producer. */
export const coldestFirstPartitioner: PartitionerFactory = () => {
  const bytes = new Map<string, number>()
  const got = (topic: string, partition: number): number => bytes.get(`${topic}-${partition}`) ?? 0
  return {
    partition({ topic, availablePartitions }) {
      let coldest = availablePartitions[0] ?? 0
      for (let i = 1; i < availablePartitions.length; i++) {
        const partition = availablePartitions[i]!
        if (got(topic, partition) < got(topic, coldest)) coldest = partition
      }
      return coldest
    },
    onAppend({ topic }, record) {
      bytes.set(`${topic}-${record.partition}`, got(topic, record.partition) + record.bytes)
    },
  }
}

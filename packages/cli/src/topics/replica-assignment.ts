/** The brokers of each partition: `0:1,1:2` puts partition 0 on brokers 0 and 1, partition 1 on 1 and 2. @throws Error in Kafka's words */
export function parseReplicaAssignment(text: string): readonly (readonly number[])[] {
  const partitions = text.split(',').map((replicas) => replicas.split(':').map((id) => javaInteger(id.trim())))
  for (const [partition, replicas] of partitions.entries()) {
    const twice = [...new Set(replicas.filter((id, at) => replicas.indexOf(id) !== at))]
    if (twice.length > 0) {
      throw new Error(`Partition replica lists may not contain duplicate entries: ${twice.join(',')}`)
    }
    if (replicas.length !== partitions[0]!.length) {
      throw new Error(`Partition ${partition} has different replication factor: [${replicas.join(', ')}]`)
    }
  }
  return partitions
}

function javaInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`For input string: "${text}"`)
  return Number(text)
}

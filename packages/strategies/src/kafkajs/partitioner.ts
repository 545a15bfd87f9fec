import { defaultPartitioner } from '../partitioners/default-partitioner.ts'
import {
  createPartitioner,
  type PartitionerContext,
  type PartitionerFactory,
  type TopicView,
} from '../partitioners/partitioner.ts'
import { cryptoRandom } from './crypto-random.ts'

/** What kafkajs gives a partitioner (its `PartitionerArgs`), as far as it is read here. */
export interface KafkajsPartitionerArgs {
  readonly topic: string
  /** `leader` is -1 for a partition without one. */
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[]
  readonly message: {
    readonly key?: Uint8Array | string | null
    readonly value?: Uint8Array | string | null
    readonly partition?: number | null
  }
}

/** What kafkajs takes as `createPartitioner` (its `ICustomPartitioner`). */
export type KafkajsCreatePartitioner = () => (args: KafkajsPartitionerArgs) => number

/** Growth of a batch by a record beyond key and value, roughly. */
const recordOverheadBytes = 12

/**
 * A partitioner as kafkajs's `createPartitioner`: `kafka.producer({ createPartitioner: kafkajsPartitioner() })` places records as the
 * Java producer does. A message that names its partition goes there. kafkajs shows no queues, so placement does not adapt to load.
 * `context` sets the partitioner's options; chance comes from the system unless given.
 */
export function kafkajsPartitioner(
  factory: PartitionerFactory = defaultPartitioner,
  context: Partial<PartitionerContext> = {},
): KafkajsCreatePartitioner {
  return () => {
    const partitioner = createPartitioner(factory, { random: cryptoRandom(), ...context })
    const viewOf = topicViews()
    return ({ topic, partitionMetadata, message }) => {
      if (message.partition !== undefined && message.partition !== null) return message.partition
      const view = viewOf(topic, partitionMetadata)
      const key = toBytes(message.key)
      const value = toBytes(message.value)
      const partition = partitioner.partition(view, key, value)
      const bytes = (key?.length ?? 0) + (value?.length ?? 0) + recordOverheadBytes
      partitioner.onAppend?.(view, { key, partition, bytes, allBatchesFull: true })
      return partition
    }
  }
}

/** kafkajs passes the same metadata for all messages of a `send`, so the view is made once for them. */
function topicViews(): (topic: string, metadata: KafkajsPartitionerArgs['partitionMetadata']) => TopicView {
  let last: { topic: string; metadata: unknown; view: TopicView } | null = null
  return (topic, metadata) => {
    if (last === null || last.metadata !== metadata || last.topic !== topic) {
      const availablePartitions = metadata
        .filter(({ leader }) => leader >= 0)
        .map(({ partitionId }) => partitionId)
        .sort((a, b) => a - b)
      last = { topic, metadata, view: { topic, partitionCount: metadata.length, availablePartitions } }
    }
    return last.view
  }
}

function toBytes(data: Uint8Array | string | null | undefined): Uint8Array | null {
  if (data === undefined || data === null) return null
  return typeof data === 'string' ? Buffer.from(data) : data
}

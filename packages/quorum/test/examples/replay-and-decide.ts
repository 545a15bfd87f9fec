import { createTopics, initialFeatures, MetadataImage } from '@odradek/quorum'

const image = new MetadataImage()
for (const record of initialFeatures()) image.replay(record)

const orders = { name: 'orders', numPartitions: 3, replicationFactor: 1, assignments: [], configs: [] }

/** Decides, and changes nothing: the records come into force when they are replayed. Here no broker could take the replicas. */
export const { records, response } = createTopics(
  { topics: [orders], timeoutMs: 1000, validateOnly: false },
  {
    image,
    nextOffset: 6,
    randomUuid: () => 'b3JkZXJzLXRvcGljLWlkLQ',
    randomInt: () => 0,
    defaults: { partitions: 1, replicationFactor: 1 },
    validateConfigs: () => null,
    isListConfig: () => false,
    defaultConfigValue: () => null,
  },
)
for (const record of records) image.replay(record)

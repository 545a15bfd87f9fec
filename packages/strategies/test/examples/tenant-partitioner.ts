import { type PartitionerFactory, partitionForKey } from '@odradek/strategies'

/** Keeps a tenant's records in order among themselves: of keys like `acme:order-7` only what precedes the colon is hashed. */
export const tenantPartitioner: PartitionerFactory =
  ({ random }) =>
  (topic, key) => {
    if (key === null) return random.nextInt(topic.partitionCount)
    const colon = key.indexOf(0x3a)
    const tenant = colon < 0 ? key : key.subarray(0, colon)
    return partitionForKey(tenant, topic.partitionCount)
  }

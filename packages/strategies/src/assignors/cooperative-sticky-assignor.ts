import type { Assignor, Subscription } from './assignor.ts'
import { assignSticky } from './sticky/sticky-assignment.ts'
import type { MemberData } from './sticky/sticky-group.ts'
import { decodeCooperativeUserData, encodeCooperativeUserData } from './sticky/sticky-user-data.ts'

/**
 * Kafka's `cooperative-sticky`: assigns like `sticky`, but members go on reading during the rebalance (KIP-429). A partition that is to
 * move is in nobody's assignment at first; its owner gives it up and joins again, and then it is assigned.
 * It supports `EAGER` as well, so that a group can be upgraded one member at a time.
 */
export function cooperativeStickyAssignor(): Assignor {
  let generation = -1
  return {
    name: 'cooperative-sticky',
    version: 0,
    supportedProtocols: ['COOPERATIVE', 'EAGER'],
    subscriptionUserData: () => encodeCooperativeUserData(generation),
    assign: (cluster, group) => assignSticky(cluster, group, { cooperative: true, memberData }),
    onAssignment(_assignment, metadata) {
      generation = metadata.generationId
    },
  }
}

/** Members older than KIP-792 put the generation into the user data only. */
function memberData({ ownedPartitions, generationId, userData }: Subscription): MemberData {
  const generation = generationId >= 0 ? generationId : decodeCooperativeUserData(userData)
  return { partitions: ownedPartitions, generation }
}

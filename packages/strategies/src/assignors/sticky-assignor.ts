import type { Assignor } from './assignor.ts'
import { assignSticky } from './sticky/sticky-assignment.ts'
import { decodeStickyUserData, encodeStickyUserData, type StickyUserData } from './sticky/sticky-user-data.ts'

/**
 * Kafka's `sticky`: balanced, and members keep as many partitions as balance allows. Under `EAGER` members give everything up before
 * they join, so each tells the leader what it had in its user data.
 */
export function stickyAssignor(): Assignor {
  let previous: StickyUserData | null = null
  return {
    name: 'sticky',
    version: 0,
    supportedProtocols: ['EAGER'],
    subscriptionUserData: () => (previous === null ? null : encodeStickyUserData(previous)),
    assign: (cluster, group) =>
      assignSticky(cluster, group, {
        cooperative: false,
        memberData: (subscription) => decodeStickyUserData(subscription.userData),
      }),
    onAssignment(assignment, metadata) {
      previous = { partitions: assignment.partitions, generation: metadata.generationId }
    },
  }
}

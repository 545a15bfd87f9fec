import type { Broker } from '../broker.ts'

/** Whether groups may use the consumer protocol (KIP-848): the broker offers it, and the cluster has `group.version` 1. */
export function offersConsumerProtocol({ configs, metadata }: Broker): boolean {
  return (
    configs.broker.groupCoordinatorRebalanceProtocols.includes('consumer') &&
    metadata.image.features.level('group.version') >= 1
  )
}

import { KafkaError } from '@odradek/client'
import type { Assignor, RebalanceProtocol } from '@odradek/strategies'

/** The strongest protocol that all assignors support. @throws KafkaError INCONSISTENT_GROUP_PROTOCOL when they share none */
export function commonProtocol(assignors: readonly Assignor[]): RebalanceProtocol {
  const common = (['COOPERATIVE', 'EAGER'] as const).find((protocol) =>
    assignors.every(({ supportedProtocols }) => supportedProtocols.includes(protocol)),
  )
  if (common !== undefined) return common
  const names = assignors.map(({ name }) => name).join(', ')
  throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL', `assignors ${names} have no rebalance protocol in common`)
}

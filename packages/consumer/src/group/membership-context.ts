import type { ClientCore } from '@odradek/client'
import type { Hooks } from '@odradek/runtime'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import type { ConsumerEvents } from '../consumer-events.ts'
import type { SubscriptionState } from '../subscription-state.ts'
import type { TopicPartition } from '../topic-partition.ts'
import type { CoordinatorConnection } from './coordinator-connection.ts'
import type { GroupTopics } from './group-topics.ts'
import type { RebalanceCallbacks } from './rebalance-callbacks.ts'
import type { Waits } from './waits.ts'

/** What a membership of either protocol stands on. */
export interface MembershipContext {
  readonly core: ClientCore
  readonly config: ConsumerConfig
  readonly groupId: string
  readonly subscriptions: SubscriptionState
  readonly hooks: Hooks<ConsumerEvents>
  readonly connection: CoordinatorConnection
  readonly callbacks: RebalanceCallbacks
  readonly topics: GroupTopics
  readonly waits: Waits
  /** Commits what was processed of these partitions, where auto commit is on. Never fails; takes no longer than a rebalance may. */
  readonly commitBeforeRevocation: (partitions: readonly TopicPartition[]) => Promise<void>
  /** The assignment has changed. */
  readonly onAssigned: () => void
  /** `needsPoll` has become true. */
  readonly onWake: () => void
}

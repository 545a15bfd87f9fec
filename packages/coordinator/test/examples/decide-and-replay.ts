import { type CoordinatorContext, GroupCoordinatorState, joinGroup } from '@odradek/coordinator'
import { encodeSubscription, uniformGroupAssignor } from '@odradek/strategies'

const now = 1_000_000
const context: CoordinatorContext = {
  now,
  config: {
    groupInitialRebalanceDelayMs: 3_000,
    groupMinSessionTimeoutMs: 6_000,
    groupMaxSessionTimeoutMs: 1_800_000,
    groupMaxSize: 100,
    groupConsumerMaxSize: 100,
    groupConsumerMigrationPolicy: 'bidirectional',
    groupConsumerRegexRefreshIntervalMs: 600_000,
    offsetMetadataMaxBytes: 4_096,
    offsetsRetentionMinutes: 10_080,
    offsetsRetentionCheckIntervalMs: 600_000,
  },
  topics: { version: 1, createdVersion: 1, byName: () => undefined, byId: () => undefined, names: () => [] },
  assignors: new Map([['uniform', uniformGroupAssignor()]]),
  groupConfig: () => ({
    consumerSessionTimeoutMs: 45_000,
    consumerHeartbeatIntervalMs: 5_000,
    consumerAssignmentIntervalMs: 1_000,
  }),
  randomUuid: () => '0a1b2c3d-0000-4000-8000-000000000001',
  randomKafkaUuid: () => 'b2RyYWRlay1tZW1iZXItMQ',
}
const state = new GroupCoordinatorState()
const join = (memberId: string, reply: number) =>
  joinGroup(
    state,
    {
      request: {
        groupId: 'orders',
        sessionTimeoutMs: 45_000,
        rebalanceTimeoutMs: 300_000,
        memberId,
        groupInstanceId: null,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: encodeSubscription({ topics: ['orders'] }) }],
        reason: null,
      },
      requester: { apiVersion: 9, clientId: 'app', clientHost: '/127.0.0.1', reply },
    },
    context,
  )

/** The first answer names the member (KIP-394). It changed nothing yet: what it decided comes into force by replay. */
export const first = join('', 1)
for (const record of first.records) state.replay(record, { now, offset: -1 })

/** The second waits for more members to come, so its answer is given `later`, and a timer says when. */
export const second = join('app-0a1b2c3d-0000-4000-8000-000000000001', 2)
for (const record of second.records) state.replay(record, { now, offset: -1 })

/** PreparingRebalance. */
export const group = state.group('orders')?.state

import { type Input, zeroUuid } from '@odradek/protocol'
import type { DescribeClusterRequest } from '@odradek/protocol/messages'
import type { Handler } from '../src/handler.ts'
import { produce } from '../src/handlers/00-produce.ts'
import { fetch } from '../src/handlers/01-fetch.ts'
import { listOffsets } from '../src/handlers/02-list-offsets.ts'
import { metadata } from '../src/handlers/03-metadata.ts'
import { apiVersions } from '../src/handlers/18-api-versions.ts'
import { createTopics } from '../src/handlers/19-create-topics.ts'
import { deleteTopics } from '../src/handlers/20-delete-topics.ts'
import { deleteRecords } from '../src/handlers/21-delete-records.ts'
import { initProducerId } from '../src/handlers/22-init-producer-id.ts'
import { offsetForLeaderEpoch } from '../src/handlers/23-offset-for-leader-epoch.ts'
import { describeConfigs } from '../src/handlers/32-describe-configs.ts'
import { alterConfigs } from '../src/handlers/33-alter-configs.ts'
import { describeLogDirs } from '../src/handlers/35-describe-log-dirs.ts'
import { createPartitions } from '../src/handlers/37-create-partitions.ts'
import { incrementalAlterConfigs } from '../src/handlers/44-incremental-alter-configs.ts'
import { describeQuorum } from '../src/handlers/55-describe-quorum.ts'
import { updateFeatures } from '../src/handlers/57-update-features.ts'
import { describeCluster } from '../src/handlers/60-describe-cluster.ts'
import { describeProducers } from '../src/handlers/61-describe-producers.ts'
import { getTelemetrySubscriptions } from '../src/handlers/71-get-telemetry-subscriptions.ts'
import { pushTelemetry } from '../src/handlers/72-push-telemetry.ts'
import { listConfigResources } from '../src/handlers/74-list-config-resources.ts'
import { describeTopicPartitions } from '../src/handlers/75-describe-topic-partitions.ts'
import { batchOf } from './test-records.ts'

/** A topic as requests name it: its id where the version takes ids. */
export interface Named {
  readonly name: string
  readonly topicId: string
}

/** One API with a request that succeeds and one that fails, in each of its versions. */
export interface Row {
  readonly handler: Handler
  readonly good?: (version: number, topic: Named) => object
  readonly bad?: (version: number, topic: Named) => object
}

/** Requests of which each is about a topic: that there is, and one that there is not. */
function row<Request extends object, Response extends object>(
  handler: Handler<Request, Response>,
  requests: {
    readonly good?: (version: number, topic: Named) => Input<Request>
    readonly bad?: (version: number, topic: Named) => Input<Request>
  },
): Row {
  return { ...requests, handler: handler as unknown as Handler }
}

const produceTo = (version: number, { name, topicId }: Named) => ({
  acks: -1,
  timeoutMs: 1000,
  topicData: [
    { ...(version >= 13 ? { topicId } : { name }), partitionData: [{ index: 0, records: batchOf(['a', 'b']) }] },
  ],
})
const fetchFrom = (version: number, { name, topicId }: Named) => ({
  maxWaitMs: 0,
  topics: [
    { ...(version >= 13 ? { topicId } : { topic: name }), partitions: [{ partition: 0, partitionMaxBytes: 1000 }] },
  ],
})
const offsetsOf = (_: number, { name }: Named) => ({
  topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
})
const epochOf = (_: number, { topic }: { topic: string }) => ({
  topics: [{ topic, partitions: [{ partition: 0, leaderEpoch: 0 }] }],
})
const topicConfig = (name: string, value: string) => ({ name, value })
const resource = (resourceName: string) => ({ resourceType: 2, resourceName })
const serial = { next: 0 }

/** A request of each API that succeeds and one that fails, in every version. */
export const requestRows: readonly Row[] = [
  row(produce, { good: produceTo, bad: produceTo }),
  row(fetch, { good: fetchFrom, bad: fetchFrom }),
  row(listOffsets, { good: offsetsOf, bad: offsetsOf }),
  row(metadata, {
    good: (version, { name, topicId }) => ({
      topics: [{ name }, ...(version >= 12 ? [{ name: null, topicId }] : [])],
      ...(version >= 8 && version <= 10 ? { includeClusterAuthorizedOperations: true } : {}),
      ...(version >= 8 ? { includeTopicAuthorizedOperations: true } : {}),
    }),
    bad: (version, { name, topicId }) => ({
      topics: [{ name }, { name: 'not a name' }, ...(version >= 12 ? [{ name: null, topicId }] : [])],
      ...(version >= 4 ? { allowAutoTopicCreation: false } : {}),
    }),
  }),
  row(apiVersions, {
    good: (version) => (version >= 3 ? { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' } : {}),
  }),
  row(createTopics, {
    good: (version) => ({ topics: [{ name: `new-${version}`, numPartitions: 1, replicationFactor: 1 }] }),
    bad: () => ({
      topics: [
        { name: 'bad name', numPartitions: 1, replicationFactor: 1 },
        { name: 'too-many-replicas', numPartitions: 1, replicationFactor: 3 },
        { name: 'bad-config', numPartitions: 1, replicationFactor: 1, configs: [topicConfig('retention.ms', 'x')] },
      ],
    }),
  }),
  row(deleteTopics, {
    good: (version) =>
      version >= 6 ? { topics: [{ name: `deleted-${version}` }] } : { topicNames: [`deleted-${version}`] },
    bad: (version, { name, topicId }) =>
      version >= 6 ? { topics: [{ name }, { name: null, topicId }] } : { topicNames: [name] },
  }),
  row(deleteRecords, {
    good: (_, { name }) => ({ topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0 }] }] }),
    bad: (_, { name }) => ({ topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0 }] }] }),
  }),
  row(initProducerId, { good: () => ({ transactionalId: null }), bad: () => ({ transactionalId: '' }) }),
  row(offsetForLeaderEpoch, {
    good: (version, { name }) => ({ ...epochOf(version, { topic: name }), replicaId: -1 }),
    bad: (version, { name }) => ({ ...epochOf(version, { topic: name }), replicaId: -1 }),
  }),
  row(describeConfigs, {
    good: (version, { name }) => ({
      resources: [resource(name), { resourceType: 4, resourceName: '1' }].map((one) => ({
        ...one,
        configurationKeys: null,
      })),
      includeSynonyms: true,
      ...(version >= 3 ? { includeDocumentation: true } : {}),
    }),
    bad: (_, { name }) => ({ resources: [{ ...resource(name), configurationKeys: null }] }),
  }),
  row(alterConfigs, {
    good: (_, { name }) => ({ resources: [{ ...resource(name), configs: [topicConfig('retention.ms', '1000')] }] }),
    bad: (_, { name }) => ({ resources: [{ ...resource(name), configs: [topicConfig('retention.ms', '1000')] }] }),
  }),
  row(describeLogDirs, { good: () => ({ topics: null }) }),
  row(createPartitions, {
    good: (_, { name }) => ({ topics: [{ name, count: 10 + serial.next++, assignments: null }], timeoutMs: 1000 }),
    bad: (_, { name }) => ({ topics: [{ name, count: 2, assignments: null }], timeoutMs: 1000 }),
  }),
  row(incrementalAlterConfigs, {
    good: (_, { name }) => ({
      resources: [{ ...resource(name), configs: [{ ...topicConfig('retention.ms', '1000'), configOperation: 0 }] }],
    }),
    bad: (_, { name }) => ({
      resources: [{ ...resource(name), configs: [{ ...topicConfig('retention.ms', '1000'), configOperation: 0 }] }],
    }),
  }),
  row(describeQuorum, {
    good: () => ({ topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] }),
    bad: (_, { name }) => ({ topics: [{ topicName: name, partitions: [{ partitionIndex: 0 }] }] }),
  }),
  row(updateFeatures, {
    good: (version) => ({
      featureUpdates: [{ feature: 'group.version', maxVersionLevel: 1, ...(version >= 1 ? { upgradeType: 1 } : {}) }],
    }),
    bad: (version) => ({
      featureUpdates: [{ feature: 'no.such', maxVersionLevel: 1, ...(version >= 1 ? { upgradeType: 1 } : {}) }],
    }),
  }),
  row(describeCluster, {
    good: (version) => ({
      includeClusterAuthorizedOperations: true,
      ...(version >= 2 ? { includeFencedBrokers: true } : {}),
    }),
    bad: (version): Input<DescribeClusterRequest> => (version >= 1 ? { endpointType: 2 } : {}),
  }),
  row(describeProducers, {
    good: (_, { name }) => ({ topics: [{ name, partitionIndexes: [0] }] }),
    bad: (_, { name }) => ({ topics: [{ name, partitionIndexes: [0] }] }),
  }),
  row(getTelemetrySubscriptions, { good: () => ({ clientInstanceId: zeroUuid }) }),
  row(pushTelemetry, { bad: () => ({ clientInstanceId: zeroUuid, subscriptionId: 1 }) }),
  row(listConfigResources, {
    good: (version) => (version >= 1 ? { resourceTypes: [2, 4] } : {}),
    bad: (version) => (version >= 1 ? { resourceTypes: [99] } : {}),
  }),
  row(describeTopicPartitions, {
    good: (_, { name }) => ({ topics: [{ name }] }),
    bad: (_, { name }) => ({ topics: [{ name }] }),
  }),
]

/** The versions of an API that the broker serves. */
export function versionsOf({ request, minVersion, maxVersion }: Handler): number[] {
  const first = minVersion ?? request.minVersion
  return Array.from({ length: (maxVersion ?? request.maxVersion) - first + 1 }, (_, index) => first + index)
}

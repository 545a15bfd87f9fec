import { boolean, clusterWide, high, int, internal, list, long, short, string, used, valid } from '../config-row.ts'
import { atLeast, listOf, oneOfAnyCase } from '../validators.ts'

/** Groups of every kind, consumer groups and committed offsets. */
export const groupCoordinatorConfigs = {
  'group.coordinator.rebalance.protocols': list(
    ['classic', 'consumer', 'streams'],
    'Group protocols the coordinator offers.',
    valid(listOf({ of: ['consumer', 'classic', 'share', 'streams'], nonEmpty: true })),
    used,
  ),
  'group.coordinator.append.linger.ms': int(
    -1,
    'Time the coordinator collects records before it writes them; -1 for as long as it is busy.',
    valid(atLeast(-1)),
  ),
  'group.coordinator.cached.buffer.max.bytes': int(
    1_048_588,
    'Largest write buffer the coordinator keeps for reuse.',
    valid(atLeast(524_288)),
    clusterWide,
  ),
  'group.coordinator.threads': int(
    4,
    'Threads of the coordinator; this broker has one event loop.',
    high,
    valid(atLeast(1)),
  ),
  'group.coordinator.background.threads': int(
    2,
    'Threads that compute assignments; this broker has one event loop.',
    high,
    valid(atLeast(1)),
  ),
  'group.initial.rebalance.delay.ms': int(
    3000,
    'Wait for more members before the first rebalance of a classic group.',
    used,
  ),
  'group.max.session.timeout.ms': int(1_800_000, 'Longest session time-out a classic member may ask for.', used),
  'group.min.session.timeout.ms': int(6000, 'Shortest session time-out a classic member may ask for.', used),
  'group.max.size': int(2_147_483_647, 'Most members of a classic group.', valid(atLeast(1)), used),
  'group.consumer.assignors': list(
    ['uniform', 'range'],
    'Assignors of consumer groups; the first is the default.',
    valid(listOf({ nonEmpty: true })),
    used,
  ),
  'group.consumer.assignment.interval.ms': int(
    1000,
    'Shortest pause between two assignments of a consumer group.',
    valid(atLeast(0)),
    clusterWide,
  ),
  'group.consumer.min.assignment.interval.ms': int(
    0,
    'Least a group may choose for its assignment interval.',
    valid(atLeast(0)),
  ),
  'group.consumer.max.assignment.interval.ms': int(
    15_000,
    'Most a group may choose for its assignment interval.',
    valid(atLeast(0)),
  ),
  'group.consumer.assignor.offload.enable': boolean(
    true,
    "Compute assignments outside the coordinator's thread.",
    clusterWide,
    internal,
  ),
  'group.consumer.heartbeat.interval.ms': int(5000, 'Pause between two heartbeats of a member.', valid(atLeast(1))),
  'group.consumer.min.heartbeat.interval.ms': int(
    5000,
    'Least a group may choose for its heartbeat interval.',
    valid(atLeast(1)),
  ),
  'group.consumer.max.heartbeat.interval.ms': int(
    15_000,
    'Most a group may choose for its heartbeat interval.',
    valid(atLeast(1)),
  ),
  'group.consumer.session.timeout.ms': int(
    45_000,
    'Without a heartbeat for this long a member is removed.',
    valid(atLeast(1)),
  ),
  'group.consumer.min.session.timeout.ms': int(
    45_000,
    'Least a group may choose for its session time-out.',
    valid(atLeast(1)),
  ),
  'group.consumer.max.session.timeout.ms': int(
    60_000,
    'Most a group may choose for its session time-out.',
    valid(atLeast(1)),
  ),
  'group.consumer.max.size': int(2_147_483_647, 'Most members of a consumer group.', valid(atLeast(1))),
  'group.consumer.migration.policy': string(
    'bidirectional',
    'Which way a group may move between the classic and the consumer protocol.',
    valid(oneOfAnyCase('DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL')),
  ),
  'group.consumer.regex.refresh.interval.ms': int(
    600_000,
    "Pause between two evaluations of a group's subscription patterns.",
    valid(atLeast(10_000)),
    internal,
  ),
  'offset.metadata.max.bytes': int(4096, 'Longest text a client may commit with an offset.', high, used),
  'offsets.commit.timeout.ms': int(5000, 'Longest wait for a commit to be replicated.', high, valid(atLeast(1)), used),
  'offsets.load.buffer.size': int(
    5_242_880,
    'Bytes read at once when a coordinator loads its partition.',
    high,
    valid(atLeast(1)),
    used,
  ),
  'offsets.retention.check.interval.ms': long(
    600_000,
    'Pause between two searches for expired offsets.',
    high,
    valid(atLeast(1)),
    used,
  ),
  'offsets.retention.minutes': int(
    10_080,
    'Minutes after which the offsets of an empty group expire.',
    high,
    valid(atLeast(1)),
    used,
  ),
  'offsets.topic.compression.codec': int(0, 'Codec id of __consumer_offsets.', high, used),
  'offsets.topic.num.partitions': int(
    50,
    'Partitions of __consumer_offsets; not to be changed later.',
    high,
    valid(atLeast(1)),
    used,
  ),
  'offsets.topic.replication.factor': short(3, 'Replicas of __consumer_offsets.', high, valid(atLeast(1)), used),
  'offsets.topic.segment.bytes': int(104_857_600, 'Segment size of __consumer_offsets.', high, valid(atLeast(1)), used),
  'errors.deadletterqueue.auto.create.topics.enable': boolean(
    false,
    'Create dead letter topics that do not exist.',
    clusterWide,
  ),
  'errors.deadletterqueue.topic.name.prefix': string(
    'dlq.',
    'What names of created dead letter topics start with.',
    clusterWide,
  ),
}

import { boolean, clusterWide, high, int, internal, list, low, short, string, valid } from '../config-row.ts'
import { atLeast, between, listOf } from '../validators.ts'

/** Share groups (KIP-932) and the share coordinator. */
export const shareGroupConfigs = {
  'group.share.assignors': list(['simple'], 'Assignors of share groups; one name.', valid(listOf({ nonEmpty: true }))),
  'group.share.assignment.interval.ms': int(
    1000,
    'Shortest pause between two assignments of a share group.',
    valid(atLeast(0)),
    clusterWide,
  ),
  'group.share.min.assignment.interval.ms': int(
    0,
    'Least a group may choose for its assignment interval.',
    valid(atLeast(0)),
  ),
  'group.share.max.assignment.interval.ms': int(
    15_000,
    'Most a group may choose for its assignment interval.',
    valid(atLeast(0)),
  ),
  'group.share.assignor.offload.enable': boolean(
    true,
    "Compute assignments outside the coordinator's thread.",
    clusterWide,
    internal,
  ),
  'group.share.delivery.count.limit': int(5, 'Deliveries after which a record is given up.', valid(between(2, 10))),
  'group.share.min.delivery.count.limit': int(
    2,
    'Least a group may choose for its delivery count limit.',
    valid(between(2, 5)),
  ),
  'group.share.max.delivery.count.limit': int(
    10,
    'Most a group may choose for its delivery count limit.',
    valid(between(5, 25)),
  ),
  'group.share.dlq.manager.class.name': string(
    'org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager',
    'Java class that writes dead letters; has no counterpart here.',
    internal,
  ),
  'group.share.heartbeat.interval.ms': int(5000, 'Pause between two heartbeats of a member.', valid(atLeast(1))),
  'group.share.min.heartbeat.interval.ms': int(
    5000,
    'Least a group may choose for its heartbeat interval.',
    valid(atLeast(1)),
  ),
  'group.share.max.heartbeat.interval.ms': int(
    15_000,
    'Most a group may choose for its heartbeat interval.',
    valid(atLeast(1)),
  ),
  'group.share.session.timeout.ms': int(
    45_000,
    'Without a heartbeat for this long a member is removed.',
    valid(atLeast(1)),
  ),
  'group.share.min.session.timeout.ms': int(
    45_000,
    'Least a group may choose for its session time-out.',
    valid(atLeast(1)),
  ),
  'group.share.max.session.timeout.ms': int(
    60_000,
    'Most a group may choose for its session time-out.',
    valid(atLeast(1)),
  ),
  'group.share.partition.max.record.locks': int(
    2000,
    'Records of a partition that may be in flight.',
    valid(between(100, 10_000)),
  ),
  'group.share.min.partition.max.record.locks': int(
    100,
    'Least a group may choose for its record locks.',
    valid(between(100, 2000)),
  ),
  'group.share.max.partition.max.record.locks': int(
    4000,
    'Most a group may choose for its record locks.',
    valid(between(2000, 10_000)),
  ),
  'group.share.record.lock.duration.ms': int(
    30_000,
    'Time a member has to acknowledge a record.',
    valid(between(1000, 3_600_000)),
  ),
  'group.share.min.record.lock.duration.ms': int(
    15_000,
    'Least a group may choose for its lock duration.',
    valid(between(1000, 30_000)),
  ),
  'group.share.max.record.lock.duration.ms': int(
    60_000,
    'Most a group may choose for its lock duration.',
    valid(between(30_000, 3_600_000)),
  ),
  'group.share.max.share.sessions': int(2000, 'Most share sessions of a broker.', valid(atLeast(1))),
  'group.share.max.size': int(200, 'Most members of a share group.', valid(between(1, 1000))),
  'group.share.initialize.retry.interval.ms': int(
    30_000,
    'Pause before a failed initialisation of share state is repeated.',
    low,
    valid(atLeast(1)),
    internal,
  ),
  'group.share.persister.class.name': string(
    'org.apache.kafka.server.share.persister.DefaultStatePersister',
    'Java class that stores share state; has no counterpart here.',
    internal,
  ),
  'share.coordinator.append.linger.ms': int(
    -1,
    'Time the coordinator collects records before it writes them; -1 for as long as it is busy.',
    valid(atLeast(-1)),
  ),
  'share.coordinator.cached.buffer.max.bytes': int(
    1_048_588,
    'Largest write buffer the coordinator keeps for reuse.',
    valid(atLeast(524_288)),
    clusterWide,
  ),
  'share.coordinator.cold.partition.snapshot.interval.ms': int(
    300_000,
    'Age at which idle share state is written again.',
    low,
    valid(atLeast(1)),
    internal,
  ),
  'share.coordinator.load.buffer.size': int(
    5_242_880,
    'Bytes read at once when a coordinator loads its partition.',
    high,
    valid(atLeast(1)),
  ),
  'share.coordinator.snapshot.update.records.per.snapshot': int(
    500,
    'Updates of share state between two snapshots.',
    valid(between(0, 500)),
  ),
  'share.coordinator.state.topic.compression.codec': int(0, 'Codec id of __share_group_state.', high),
  'share.coordinator.state.topic.min.isr': short(
    2,
    'min.insync.replicas of __share_group_state.',
    high,
    valid(atLeast(1)),
  ),
  'share.coordinator.state.topic.num.partitions': int(
    50,
    'Partitions of __share_group_state; not to be changed later.',
    high,
    valid(atLeast(1)),
  ),
  'share.coordinator.state.topic.prune.interval.ms': int(
    300_000,
    'Pause between two removals of superseded share state.',
    low,
    valid(atLeast(1)),
    internal,
  ),
  'share.coordinator.state.topic.replication.factor': short(
    3,
    'Replicas of __share_group_state.',
    high,
    valid(atLeast(1)),
  ),
  'share.coordinator.state.topic.segment.bytes': int(
    104_857_600,
    'Segment size of __share_group_state.',
    high,
    valid(atLeast(1)),
  ),
  'share.coordinator.threads': int(1, 'Threads of the coordinator; this broker has one event loop.', valid(atLeast(1))),
  'share.coordinator.write.timeout.ms': int(
    5000,
    'Longest wait for share state to be replicated.',
    high,
    valid(atLeast(1)),
  ),
}

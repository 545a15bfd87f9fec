import { boolean, from, int, internal, list, long, low, string, used, valid } from './config-row.ts'
import { atLeast, listOf, oneOf, shareAutoOffsetReset } from './validators.ts'

/** Configs of a group (consumer, share, streams). What a group does not set comes from the broker. */
export const groupConfigs = {
  'consumer.assignment.interval.ms': int(
    1000,
    'Shortest pause between two assignments.',
    valid(atLeast(0)),
    from('group.consumer.assignment.interval.ms'),
    used,
  ),
  'consumer.assignor.offload.enable': boolean(true, "Compute assignments outside the coordinator's thread.", internal),
  'consumer.heartbeat.interval.ms': int(
    5000,
    'Pause between two heartbeats of a member.',
    valid(atLeast(1)),
    from('group.consumer.heartbeat.interval.ms'),
    used,
  ),
  'consumer.session.timeout.ms': int(
    45_000,
    'Without a heartbeat for this long a member is removed.',
    valid(atLeast(1)),
    from('group.consumer.session.timeout.ms'),
    used,
  ),
  'errors.deadletterqueue.copy.record.enable': boolean(
    false,
    'Copy key, value and headers of a record into its dead letter.',
  ),
  'errors.deadletterqueue.topic.name': string('', "Topic for the group's dead letters; none when empty."),
  'share.assignment.interval.ms': int(
    1000,
    'Shortest pause between two assignments.',
    valid(atLeast(0)),
    from('group.share.assignment.interval.ms'),
  ),
  'share.assignor.offload.enable': boolean(true, "Compute assignments outside the coordinator's thread.", internal),
  'share.auto.offset.reset': string(
    'latest',
    'Where a share group starts: latest, earliest, or by_duration:PnDTnHnMn.nS before now.',
    valid(shareAutoOffsetReset),
  ),
  'share.delivery.count.limit': int(
    5,
    'Deliveries after which a record is given up.',
    valid(atLeast(2)),
    from('group.share.delivery.count.limit'),
  ),
  'share.heartbeat.interval.ms': int(
    5000,
    'Pause between two heartbeats of a member.',
    valid(atLeast(1)),
    from('group.share.heartbeat.interval.ms'),
  ),
  'share.isolation.level': string(
    'read_uncommitted',
    'Whether a share group reads uncommitted or only committed records.',
    valid(oneOf('read_committed', 'read_uncommitted')),
  ),
  'share.partition.max.record.locks': int(
    2000,
    'Records of a partition that may be in flight.',
    valid(atLeast(100)),
    from('group.share.partition.max.record.locks'),
  ),
  'share.record.lock.duration.ms': int(
    30_000,
    'Time a member has to acknowledge a record.',
    valid(atLeast(1000)),
    from('group.share.record.lock.duration.ms'),
  ),
  'share.renew.acknowledge.enable': boolean(true, 'Let members renew the lock of a record.'),
  'share.session.timeout.ms': int(
    45_000,
    'Without a heartbeat for this long a member is removed.',
    valid(atLeast(1)),
    from('group.share.session.timeout.ms'),
  ),
  'streams.acceptable.recovery.lag': long(
    10_000,
    'Lag up to which a warm-up task counts as caught up.',
    valid(atLeast(0)),
    internal,
  ),
  'streams.assignment.interval.ms': int(
    1000,
    'Shortest pause between two assignments.',
    valid(atLeast(0)),
    from('group.streams.assignment.interval.ms'),
  ),
  'streams.assignor.name': string(
    null,
    "Assignor of the group; the broker's first when not set.",
    from('group.streams.assignors'),
  ),
  'streams.assignor.offload.enable': boolean(true, "Compute assignments outside the coordinator's thread.", internal),
  'streams.heartbeat.interval.ms': int(
    5000,
    'Pause between two heartbeats of a member.',
    valid(atLeast(1)),
    from('group.streams.heartbeat.interval.ms'),
  ),
  'streams.initial.rebalance.delay.ms': int(
    3000,
    'Wait for more members before the first rebalance.',
    valid(atLeast(0)),
    from('group.streams.initial.rebalance.delay.ms'),
  ),
  'streams.num.standby.replicas': int(
    0,
    'Standby replicas of each task.',
    valid(atLeast(0)),
    from('group.streams.num.standby.replicas'),
  ),
  'streams.num.warmup.replicas': int(2, 'Warm-up replicas of the group.', valid(atLeast(0)), internal),
  'streams.rack.aware.assignment.tags': list(
    [],
    'Client tags over which standby replicas are spread.',
    low,
    valid(listOf({})),
    from('group.streams.rack.aware.assignment.tags'),
  ),
  'streams.session.timeout.ms': int(
    45_000,
    'Without a heartbeat for this long a member is removed.',
    valid(atLeast(1)),
    from('group.streams.session.timeout.ms'),
  ),
  'streams.task.offset.interval.ms': int(
    60_000,
    "Pause between two reports of a member's task offsets.",
    valid(atLeast(1)),
    internal,
  ),
}

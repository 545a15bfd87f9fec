import { boolean, clusterWide, int, internal, javaClass, list, long, low, valid } from '../config-row.ts'
import { atLeast, listOf } from '../validators.ts'

/** Streams groups (KIP-1071). */
export const streamsGroupConfigs = {
  'group.streams.acceptable.recovery.lag': long(
    10_000,
    'Lag up to which a warm-up task counts as caught up.',
    valid(atLeast(0)),
    internal,
  ),
  'group.streams.assignment.interval.ms': int(
    1000,
    'Shortest pause between two assignments of a streams group.',
    valid(atLeast(0)),
    clusterWide,
  ),
  'group.streams.min.assignment.interval.ms': int(
    0,
    'Least a group may choose for its assignment interval.',
    valid(atLeast(0)),
  ),
  'group.streams.max.assignment.interval.ms': int(
    15_000,
    'Most a group may choose for its assignment interval.',
    valid(atLeast(0)),
  ),
  'group.streams.assignor.offload.enable': boolean(
    true,
    "Compute assignments outside the coordinator's thread.",
    clusterWide,
    internal,
  ),
  'group.streams.assignors': list(
    ['sticky'],
    'Assignors of streams groups; the first is the default.',
    valid(listOf({ nonEmpty: true })),
  ),
  'group.streams.heartbeat.interval.ms': int(5000, 'Pause between two heartbeats of a member.', valid(atLeast(1))),
  'group.streams.min.heartbeat.interval.ms': int(
    5000,
    'Least a group may choose for its heartbeat interval.',
    valid(atLeast(1)),
  ),
  'group.streams.max.heartbeat.interval.ms': int(
    15_000,
    'Most a group may choose for its heartbeat interval.',
    valid(atLeast(1)),
  ),
  'group.streams.initial.rebalance.delay.ms': int(
    3000,
    'Wait for more members before the first rebalance of a group.',
    valid(atLeast(0)),
  ),
  'group.streams.max.size': int(2_147_483_647, 'Most members of a streams group.', valid(atLeast(1))),
  'group.streams.num.standby.replicas': int(0, 'Standby replicas of each task.', valid(atLeast(0))),
  'group.streams.max.standby.replicas': int(2, 'Most standby replicas a group may choose.', valid(atLeast(0))),
  'group.streams.num.warmup.replicas': int(2, 'Warm-up replicas of a group.', valid(atLeast(0)), internal),
  'group.streams.max.warmup.replicas': int(
    20,
    'Most warm-up replicas a group may choose.',
    valid(atLeast(0)),
    internal,
  ),
  'group.streams.rack.aware.assignment.tags': list(
    [],
    'Client tags over which standby replicas are spread.',
    low,
    valid(listOf({})),
  ),
  'group.streams.session.timeout.ms': int(
    45_000,
    'Without a heartbeat for this long a member is removed.',
    valid(atLeast(1)),
  ),
  'group.streams.min.session.timeout.ms': int(
    45_000,
    'Least a group may choose for its session time-out.',
    valid(atLeast(1)),
  ),
  'group.streams.max.session.timeout.ms': int(
    60_000,
    'Most a group may choose for its session time-out.',
    valid(atLeast(1)),
  ),
  'group.streams.task.offset.interval.ms': int(
    60_000,
    "Pause between two reports of a member's task offsets.",
    valid(atLeast(1)),
    internal,
  ),
  'group.streams.min.task.offset.interval.ms': int(
    15_000,
    'Least a group may choose for its task offset interval.',
    valid(atLeast(1)),
    internal,
  ),
  'group.streams.topology.description.plugin.class': javaClass(
    null,
    'Java class that describes topologies; has no counterpart here.',
  ),
}

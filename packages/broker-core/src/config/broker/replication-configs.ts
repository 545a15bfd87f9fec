import { boolean, clusterWide, high, int, internal, long, low, string, used, valid } from '../config-row.ts'
import { atLeast } from '../validators.ts'

/** Leaders, followers and in-sync replicas. */
export const replicationConfigs = {
  'min.insync.replicas': int(
    1,
    'In-sync replicas a write with acks=all needs.',
    high,
    valid(atLeast(1)),
    clusterWide,
    used,
  ),
  'unclean.leader.election.enable': boolean(
    false,
    'Let a replica that is not in sync become leader, which may lose records.',
    high,
    clusterWide,
    used,
  ),
  'unclean.leader.election.interval.ms': long(
    300_000,
    'Pause between two searches for partitions that need an unclean election.',
    valid(atLeast(1)),
    internal,
  ),
  'auto.leader.rebalance.enable': boolean(true, 'Bring leadership back to preferred replicas.', high),
  'leader.imbalance.check.interval.seconds': long(
    300,
    'Pause between two searches for partitions led by others than the preferred replica.',
    high,
    valid(atLeast(1)),
  ),
  'replica.lag.time.max.ms': long(
    30_000,
    'A follower that has not caught up for this long leaves the in-sync replicas.',
    high,
  ),
  'replica.fetch.wait.max.ms': int(500, "Longest wait of a follower's Fetch at the leader.", high),
  'replica.fetch.min.bytes': int(1, "Bytes a follower's Fetch waits for.", high),
  'replica.fetch.max.bytes': int(1_048_576, 'Bytes a follower asks for per partition.', valid(atLeast(0))),
  'replica.fetch.response.max.bytes': int(10_485_760, 'Bytes a follower asks for in one answer.', valid(atLeast(0))),
  'replica.fetch.backoff.ms': int(1000, 'Pause of a follower after a failed Fetch of a partition.', valid(atLeast(0))),
  'replica.high.watermark.checkpoint.interval.ms': long(
    5000,
    'Pause between two writes of the high watermark checkpoint.',
    high,
    used,
  ),
  'replica.socket.timeout.ms': int(30_000, "Time-out of a follower's requests.", high),
  'replica.socket.receive.buffer.bytes': int(
    65_536,
    "SO_RCVBUF of a follower's socket; Node leaves it to the operating system.",
    high,
  ),
  'replica.selector.class': string(null, 'Java class that picks the replica a consumer reads from.'),
  'num.replica.fetchers': int(
    1,
    'Fetchers a broker runs for each leader; this broker has one.',
    high,
    valid(atLeast(1)),
    clusterWide,
  ),
  'num.replica.alter.log.dirs.threads': int(null, 'Threads that move replicas between directories.', high),
  'controller.socket.timeout.ms': int(30_000, 'Time-out of requests to the controller.'),
  'replication.quota.window.num': int(11, 'Samples kept for replication quotas.', low, valid(atLeast(1))),
  'replication.quota.window.size.seconds': int(1, 'Length of a sample for replication quotas.', low, valid(atLeast(1))),
  'alter.log.dirs.replication.quota.window.num': int(
    11,
    'Samples kept for quotas on moves between directories.',
    low,
    valid(atLeast(1)),
  ),
  'alter.log.dirs.replication.quota.window.size.seconds': int(
    1,
    'Length of a sample for quotas on moves between directories.',
    low,
    valid(atLeast(1)),
  ),
}

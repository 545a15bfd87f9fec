import { clusterWide, LONG_MAX, long, valid } from '../config-row.ts'
import { atLeast } from '../validators.ts'

/** Broker configs that can be altered at run time but not stand in a file. */
export const dynamicOnlyConfigs = {
  'leader.replication.throttled.rate': long(
    LONG_MAX,
    'Most bytes a second a leader sends to throttled replicas.',
    valid(atLeast(0)),
    clusterWide,
  ),
  'follower.replication.throttled.rate': long(
    LONG_MAX,
    'Most bytes a second a follower fetches for throttled replicas.',
    valid(atLeast(0)),
    clusterWide,
  ),
  'replica.alter.log.dirs.io.max.bytes.per.second': long(
    LONG_MAX,
    'Most bytes a second that move between directories.',
    valid(atLeast(0)),
    clusterWide,
  ),
}

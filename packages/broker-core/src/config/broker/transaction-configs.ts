import { boolean, clusterWide, high, int, low, short, used, valid } from '../config-row.ts'
import { atLeast } from '../validators.ts'

/** Transactions and their coordinator. */
export const transactionConfigs = {
  'transactional.id.expiration.ms': int(
    604_800_000,
    'Time without use after which a transactional id is forgotten.',
    high,
    valid(atLeast(1)),
  ),
  'transaction.max.timeout.ms': int(900_000, 'Longest time-out a producer may ask for.', high, valid(atLeast(1))),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(
    10_000,
    'Pause between two searches for transactions that timed out.',
    low,
    valid(atLeast(1)),
  ),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(
    3_600_000,
    'Pause between two searches for transactional ids to forget.',
    low,
    valid(atLeast(1)),
  ),
  'transaction.partition.verification.enable': boolean(
    true,
    'Check that a partition belongs to the transaction before it is written.',
    low,
    clusterWide,
    used,
  ),
  'transaction.two.phase.commit.enable': boolean(false, 'Accept transactions without a time-out (KIP-939).', low),
  'transaction.state.log.load.buffer.size': int(
    5_242_880,
    'Bytes read at once when a coordinator loads its partition.',
    high,
    valid(atLeast(1)),
  ),
  'transaction.state.log.min.isr': int(2, 'min.insync.replicas of __transaction_state.', high, valid(atLeast(1)), used),
  'transaction.state.log.num.partitions': int(
    50,
    'Partitions of __transaction_state; not to be changed later.',
    high,
    valid(atLeast(1)),
  ),
  'transaction.state.log.replication.factor': short(
    3,
    'Replicas of __transaction_state.',
    high,
    valid(atLeast(1)),
    used,
  ),
  'transaction.state.log.segment.bytes': int(
    104_857_600,
    'Segment size of __transaction_state.',
    high,
    valid(atLeast(1)),
  ),
  'add.partitions.to.txn.retry.backoff.ms': int(
    20,
    'Pause before a broker repeats AddPartitionsToTxn.',
    high,
    valid(atLeast(1)),
  ),
  'add.partitions.to.txn.retry.backoff.max.ms': int(
    100,
    'Time over which a broker repeats AddPartitionsToTxn.',
    high,
    valid(atLeast(0)),
  ),
}

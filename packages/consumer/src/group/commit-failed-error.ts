import { KafkaError } from '@odradek/client'

/**
 * A commit came too late: this member is out of the group or its generation is over, and the partitions may be another's. What was
 * processed since the last commit is read again there. Retrying cannot help; poll, and go on. Kafka: `CommitFailedException`.
 */
export class CommitFailedError extends KafkaError {
  override readonly name = 'CommitFailedError'

  constructor(why: string, cause?: unknown) {
    super(
      'COMMIT_FAILED',
      `the commit came too late: ${why}. Other members may have the partitions now. When the time between two polls is longer than maxPollIntervalMs, raise it or take fewer records at once (maxPollRecords)`,
      { cause },
    )
  }
}

/** The commit waits for the end of a rebalance, which the next poll brings. Kafka: `RebalanceInProgressException`. */
export function rebalanceInProgress(): KafkaError {
  const message = 'the group rebalances: poll until the rebalance is over, then commit what is still assigned'
  return new KafkaError('REBALANCE_IN_PROGRESS', message)
}

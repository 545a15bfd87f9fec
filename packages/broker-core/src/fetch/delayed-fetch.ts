import type { Broker } from '../broker.ts'
import type { ConnectionContext } from '../connection/connection-context.ts'
import { type FetchLimits, type PartitionRead, readPartitions } from './fetch-read.ts'
import type { FetchRequestPartition } from './fetch-session.ts'

export interface DelayedFetchOptions {
  readonly limits: FetchLimits
  /** Bytes for which the answer is worth sending. */
  readonly minBytes: number
  /** How long to wait for them, milliseconds. */
  readonly maxWaitMs: number
  readonly connection: ConnectionContext
}

/**
 * Reads, and waits until there is enough to answer: `minBytes`, an error, or the end of `maxWaitMs`. While it waits, it is woken by
 * the partitions it reads when their high watermark, start offset or leader changes.
 */
export async function fetchPartitions(
  wanted: readonly FetchRequestPartition[],
  options: DelayedFetchOptions,
  broker: Broker,
): Promise<readonly PartitionRead[]> {
  const reads = await readPartitions(wanted, options.limits, broker)
  if (options.maxWaitMs <= 0 || wanted.length === 0 || isEnough(reads, options.minBytes)) return reads
  return new Promise((resolve, reject) => {
    const answer = () => {
      endOfClient()
      const again = readPartitions(wanted, options.limits, broker)
      if (again instanceof Promise) again.then(resolve, reject)
      else resolve(again)
    }
    const keys = reads.flatMap(({ partition }) => (partition === undefined ? [] : [partition.key]))
    const operation = {
      tryComplete: () => {
        const again = readPartitions(wanted, options.limits, broker)
        // What has to come from disk is old, and so certainly more than was waited for.
        if (!(again instanceof Promise) && !isEnough(again, options.minBytes)) return false
        endOfClient()
        if (again instanceof Promise) again.then(resolve, reject)
        else resolve(again)
        return true
      },
      expire: answer,
    }
    const forget = broker.fetchPurgatory.park(operation, keys, options.maxWaitMs)
    const endOfClient = options.connection.onClose(() => {
      forget()
      resolve(reads)
    })
  })
}

function isEnough(reads: readonly PartitionRead[], minBytes: number): boolean {
  let bytes = 0
  for (const read of reads) {
    if (read.error !== undefined || read.divergingEpoch !== undefined) return true
    bytes += read.sizeInBytes
  }
  return bytes >= minBytes
}

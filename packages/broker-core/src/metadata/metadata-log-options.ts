import type { PartitionLog } from '@odradek/log'
import type { MetadataDelta, Voter } from '@odradek/quorum'
import type { Clock, Logger, Random, Storage } from '@odradek/runtime'

/** What the metadata log needs from outside. */
export interface MetadataLogOptions {
  readonly nodeId: number
  readonly directoryId: string
  /** `<metadata.log.dir>/__cluster_metadata-0`. */
  readonly directory: string
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Voters of `controller.quorum.voters`; null where they stand in the log. */
  readonly staticVoters: readonly Voter[] | null
  /** `metadata.log.max.record.bytes.between.snapshots`. */
  readonly maxBytesBetweenSnapshots: number
  /** `metadata.log.max.snapshot.interval.ms`: a change after so long brings a snapshot, however small; 0 for never. */
  readonly maxSnapshotIntervalMs: number
  readonly openLog: (directory: string) => PartitionLog
  /** Called after each run of committed records was applied to the image. */
  committed(delta: MetadataDelta, highWatermark: number): void
}

import type { Storage } from '@odradek/runtime'
import { CheckpointFile } from './checkpoint-file.ts'
import { partitionDirectoryName, type TopicPartition } from './log-file-names.ts'

/** The checkpoint files of a log directory; each holds one offset for each partition. */
export const recoveryPointCheckpointName = 'recovery-point-offset-checkpoint'
export const logStartOffsetCheckpointName = 'log-start-offset-checkpoint'
export const highWatermarkCheckpointName = 'replication-offset-checkpoint'
export const cleanerOffsetCheckpointName = 'cleaner-offset-checkpoint'

/** One line of an offset checkpoint. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number
}

/** Kafka's `OffsetCheckpointFile`: `<topic> <partition> <offset>` for each partition. */
export class OffsetCheckpointFile {
  readonly #file: CheckpointFile<PartitionOffset>
  #written: string | undefined

  constructor(storage: Storage, path: string) {
    this.#file = new CheckpointFile(storage, path, { print: printLine, parse: parseLine })
  }

  /** Offsets by the partition's directory name. @throws CheckpointFormatError */
  read(): Map<string, number> {
    return new Map(this.#file.read().map((entry) => [partitionDirectoryName(entry), entry.offset]))
  }

  /** Replaces the offsets of all partitions; does nothing when they are what was written last. */
  write(offsets: readonly PartitionOffset[]): void {
    const content = offsets.map(printLine).join('\n')
    if (content === this.#written) return
    this.#file.write(offsets)
    this.#written = content
  }
}

function printLine({ topic, partition, offset }: PartitionOffset): string {
  return `${topic} ${partition} ${offset}`
}

function parseLine(line: string): PartitionOffset | undefined {
  const parts = /^(\S+) (\d+) (-?\d+)$/.exec(line)
  if (parts === null) return undefined
  return { topic: parts[1] as string, partition: Number(parts[2]), offset: Number(parts[3]) }
}
